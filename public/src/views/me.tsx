import { LogIn, LogOut, Settings2, Ticket, UserRoundPlus } from "lucide";
import { useState } from "preact/hooks";
import { aheadOf, locales, speak, t } from "../locales/index.ts";
import { Icon } from "../parts/icon.tsx";
import { Panel } from "../parts/panel.tsx";
import { Avatar, Mark } from "../parts/person.tsx";
import { myself, session, signOut } from "../state/session.ts";
import { changeSettings, isTouch, settings, type Theme, themes } from "../state/settings.ts";
import { showing } from "../state/showing.ts";
import { hasUnsent } from "../state/unsent.ts";

const themeWords = { system: "themeSystem", light: "themeLight", dark: "themeDark", contrast: "themeContrast" } as const satisfies Record<
  Theme,
  string
>;

function Card() {
  const me = myself.value;
  if (!me || !session.value) return null;
  return (
    <div class="me-card">
      <Avatar who={me} size="lg" />
      <div>
        <p class="me-name">
          <bdi>{me.displayName}</bdi> <Mark who={me} />
        </p>
        {me.kind === "guest" && (
          <p class="me-note">
            <Icon icon={Ticket} size={14} /> {t("guestEndsAt", { time: aheadOf(new Date(session.value.sessionExpiresAt)) })}
          </p>
        )}
      </div>
    </div>
  );
}

const ThemeChoice = () => (
  <fieldset class="choice">
    <legend>{t("theme")}</legend>
    <div class="choice-row">
      {themes.map((theme) => (
        <label key={theme} class="choice-one">
          <input
            type="radio"
            name="theme"
            class="sr-only"
            checked={settings.value.theme === theme}
            onChange={() => changeSettings({ theme })}
          />
          <span>{t(themeWords[theme])}</span>
        </label>
      ))}
    </div>
  </fieldset>
);

const changeLocale = (code: string): void => {
  changeSettings({ locale: code === "" ? null : code });
  void speak();
};

const LanguageChoice = () => (
  <label class="setting">
    <span>{t("language")}</span>
    <select class="field" value={settings.value.locale ?? ""} onChange={(event) => changeLocale(event.currentTarget.value)}>
      <option value="">{t("languageAuto")}</option>
      {Object.entries(locales).map(([code, name]) => (
        <option key={code} value={code} lang={code}>
          {name}
        </option>
      ))}
    </select>
  </label>
);

const EnterChoice = () => (
  <label class="setting setting-switch">
    <span>
      {t("enterSends")}
      <small>{t("enterSendsHint")}</small>
    </span>
    <input
      type="checkbox"
      class="toggle"
      role="switch"
      aria-checked={settings.value.enterSends}
      checked={settings.value.enterSends}
      onChange={(event) => changeSettings({ enterSends: event.currentTarget.checked })}
    />
  </label>
);

const close = (): void => {
  showing.value = null;
};

/** The next step from who one is: an account for who has none, its settings for who has one. */
function Ways() {
  const me = myself.value;
  if (me && me.kind !== "guest")
    return (
      <a class="button button-quiet" href="/settings" onClick={close}>
        <Icon icon={Settings2} size={16} /> {t("toSettings")}
      </a>
    );
  return (
    <div class="me-ways">
      <a class="button button-main" href="/signup" onClick={close}>
        <Icon icon={UserRoundPlus} size={16} /> {me ? t("keepName") : t("createAccount")}
      </a>
      <a class="button button-quiet" href="/signin" onClick={close}>
        <Icon icon={LogIn} size={16} /> {me ? t("haveAccount") : t("signIn")}
      </a>
    </div>
  );
}

/** Signs out; where texts would be deleted with the session, only after saying so. */
function Leave({ isGuest }: { isGuest: boolean }) {
  const [isAsking, setAsking] = useState(false);
  const leave = () => {
    if (!isAsking && hasUnsent()) return setAsking(true);
    close();
    void signOut();
  };
  return (
    <div class="me-leave">
      {isAsking && <p role="alert">{t("signOutLoses")}</p>}
      <button type="button" class="button button-quiet" onClick={leave}>
        <Icon icon={LogOut} size={16} /> {t(isAsking ? "signOutAnyway" : "signOut")}
      </button>
      {isGuest && (
        <>
          <a class="button button-quiet" href="/settings/data" onClick={close}>
            {t("toData")}
          </a>
          <small>{t("signOutHint")}</small>
        </>
      )}
    </div>
  );
}

/** Who one is here, how the page looks and speaks, and the way out. */
export function MePanel() {
  return (
    <Panel title={myself.value ? t("me") : t("settings")} kind="sheet" onClose={close}>
      <div class="me">
        <Card />
        <Ways />
        <ThemeChoice />
        <LanguageChoice />
        {myself.value && !isTouch.value && <EnterChoice />}
        {myself.value && <Leave isGuest={myself.value.kind === "guest"} />}
      </div>
    </Panel>
  );
}
