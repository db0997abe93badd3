import { Keyboard, Languages, LogIn, LogOut, Palette, Settings2, Shield, Ticket, UserRoundPlus } from "lucide";
import { useState } from "preact/hooks";
import { aheadOf, t } from "../../locales/index.ts";
import { showing } from "../../shared/state/dialogs.ts";
import { isTouch } from "../../shared/state/settings.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Panel } from "../../shared/ui/panel.tsx";
import { StandalonePage } from "../../shared/ui/standalone-page.tsx";
import { hasUnsent } from "../composer/unsent.ts";
import { Avatar, Mark } from "../people/person.tsx";
import { currentUser, session, signOut } from "../session/session.ts";

function Card() {
  const me = currentUser.value;
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

const close = (): void => {
  showing.value = null;
};

/** Shows the next step: creating an account for guests and visitors, the account settings for members. */
function Ways() {
  const me = currentUser.value;
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

/** Links to the trust level and reports of signed-in users, and to the settings that need no account. */
const PageSettings = () => (
  <ul class="me-links">
    {currentUser.value && (
      <li>
        <a class="menu-item" href="/settings/trust" onClick={close}>
          <Icon icon={Shield} size={18} /> {t("trust")}
        </a>
      </li>
    )}
    <li>
      <a class="menu-item" href="/settings/appearance" onClick={close}>
        <Icon icon={Palette} size={18} /> {t("theme")}
      </a>
    </li>
    <li>
      <a class="menu-item" href="/settings/language" onClick={close}>
        <Icon icon={Languages} size={18} /> {t("language")}
      </a>
    </li>
    {!isTouch.value && (
      <li>
        <a class="menu-item" href="/settings/keyboard" onClick={close}>
          <Icon icon={Keyboard} size={18} /> {t("keys")}
        </a>
      </li>
    )}
  </ul>
);

/** Signs out; asks for confirmation if unsent messages or drafts would be deleted. */
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

const Contents = () => (
  <div class="me">
    <Card />
    <Ways />
    <PageSettings />
    {currentUser.value && <Leave isGuest={currentUser.value.kind === "guest"} />}
  </div>
);

const title = (): string => (currentUser.value ? t("me") : t("settings"));

/** Shows the current user, the page settings and the sign-out button as a dialog. */
export const MePanel = () => (
  <Panel title={title()} kind="sheet" onClose={close}>
    <Contents />
  </Panel>
);

/** Shows the same as a standalone page. */
export const MeView = () => (
  <StandalonePage>
    <h1 class="me-title">{title()}</h1>
    <Contents />
  </StandalonePage>
);
