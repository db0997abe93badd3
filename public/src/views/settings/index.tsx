import "../../styles/account.css";
import "../../styles/settings.css";
import { Bot, ChevronRight, ClipboardCheck, Eye, FileArchive, type IconNode, MonitorSmartphone, ShieldCheck, UserRound } from "lucide";
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Permission } from "../../../../utils/contract/auth.ts";
import type { AccountKey } from "../../locales/account/en.ts";
import { ta } from "../../locales/account/index.ts";
import { t } from "../../locales/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { lazyPart } from "../../parts/lazy-part.tsx";
import { Skeleton } from "../../parts/skeleton.tsx";
import { deletion } from "../../state/deletion.ts";
import { loadMe, may, me } from "../../state/me.ts";
import { type SettingsSection, settingsSections } from "../../state/route.ts";
import { sessionPhase } from "../../state/session.ts";
import { isMiddle } from "../../state/settings.ts";
import { Card } from "../account/card.tsx";
import { Refused } from "../refused.tsx";
import { Bots } from "./bots.tsx";
import { Data } from "./data.tsx";
import { Deleted } from "./deletion.tsx";
import { Devices } from "./devices.tsx";
import { Privacy } from "./privacy.tsx";
import { Profile } from "./profile.tsx";
import { Security } from "./security.tsx";

/** Its code shows what people wrote, which no other settings do. */
const Review = lazyPart(() => import("./review.tsx").then((file) => file.Review));

type Entry = {
  icon: IconNode;
  text: AccountKey;
  view: ComponentType;
  needs: Permission | null;
  /** Shown to nobody but those who have what it needs; all the others open with an account. */
  isForStaff?: true;
};

const entries: Record<SettingsSection, Entry> = {
  profile: { icon: UserRound, text: "profileText", view: Profile, needs: "edit_profile" },
  security: { icon: ShieldCheck, text: "securityText", view: Security, needs: "manage_account" },
  devices: { icon: MonitorSmartphone, text: "devicesText", view: Devices, needs: null },
  privacy: { icon: Eye, text: "privacyText", view: Privacy, needs: "edit_profile" },
  data: { icon: FileArchive, text: "dataText", view: Data, needs: null },
  review: { icon: ClipboardCheck, text: "reviewText", view: Review, needs: "review_messages", isForStaff: true },
  bots: { icon: Bot, text: "botsText", view: Bots, needs: "manage_bots", isForStaff: true },
};

const isOpenTo = ({ needs }: Entry): boolean => needs === null || may(needs);

const sectionsShown = (): SettingsSection[] =>
  settingsSections.filter((section) => !entries[section].isForStaff || isOpenTo(entries[section]));

const Nav = ({ here }: { here: SettingsSection | null }) => (
  <nav class="settings-nav" aria-label={t("settings")}>
    <ul>
      {sectionsShown().map((section) => (
        <li key={section}>
          <a class="settings-link" href={`/settings/${section}`} {...(section === here ? { "aria-current": "page" as const } : {})}>
            <Icon icon={entries[section].icon} size={20} />
            <span>
              <strong>{ta(section)}</strong>
              <small>{ta(entries[section].text)}</small>
            </span>
            <Icon icon={ChevronRight} size={16} />
          </a>
        </li>
      ))}
    </ul>
  </nav>
);

const NeedAccount = () => (
  <Card title={ta("needAccountTitle")} text={ta("needAccountText")}>
    <div class="account-next">
      <a class="button button-main" href="/signup">
        {t("keepName")}
      </a>
      <a class="button button-quiet" href="/signin">
        {ta("haveAccount")}
      </a>
    </div>
  </Card>
);

const NeedSession = () => (
  <div class="account">
    <Card title={ta("needSession")}>
      <div class="account-next">
        <a class="button button-main" href="/signin">
          {t("signIn")}
        </a>
        <a class="button button-quiet" href="/signup">
          {t("createAccount")}
        </a>
      </div>
    </Card>
  </div>
);

function Page({ section }: { section: SettingsSection }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [section]);
  const { view: View, isForStaff } = entries[section];
  if (!me.value) return <Skeleton lines={6} />;
  const isOpen = isOpenTo(entries[section]);
  return (
    <div class="settings-page">
      {!isMiddle.value && (
        <a class="text-button settings-back" href="/settings">
          {ta("allSettings")}
        </a>
      )}
      {isOpen && (
        <h1 ref={heading} class="settings-title" tabIndex={-1}>
          {ta(section)}
        </h1>
      )}
      {isOpen && <View />}
      {!isOpen && (isForStaff ? <Refused code="forbidden" isPage /> : <NeedAccount />)}
    </div>
  );
}

/** One's settings: the list of them beside one, or alone where there is no room for both. */
export function SettingsView({ section }: { section: SettingsSection | null }) {
  useEffect(() => {
    if (sessionPhase.peek() === "active") void loadMe();
  }, []);
  if (sessionPhase.value === "unknown") return <Skeleton lines={6} />;
  if (sessionPhase.value !== "active") return deletion.value ? <Deleted {...deletion.value} /> : <NeedSession />;
  const shown = section ?? (isMiddle.value ? "profile" : null);
  if (shown === null)
    return (
      <div class="settings">
        <h1 class="settings-title">{t("settings")}</h1>
        <Nav here={null} />
      </div>
    );
  return (
    <div class="settings settings-split">
      {isMiddle.value && <Nav here={shown} />}
      <Page key={shown} section={shown} />
    </div>
  );
}
