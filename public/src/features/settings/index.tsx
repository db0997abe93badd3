import "../../styles/features/account.css";
import "../../styles/features/settings.css";
import { ChevronRight, Gavel, type IconNode } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { ta } from "../../locales/account/index.ts";
import { t } from "../../locales/index.ts";
import { partTitle } from "../../shared/state/page-title.ts";
import type { SettingsSection } from "../../shared/state/route.ts";
import { isMiddle, isWide } from "../../shared/state/settings.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Skeleton } from "../../shared/ui/skeleton.tsx";
import { Card } from "../account/card.tsx";
import { AccessDenied } from "../room/access-denied.tsx";
import { loadMe, may, me } from "../session/me.ts";
import { sessionPhase } from "../session/session.ts";
import { isOpen, listedSections, sectionAccess } from "./access.ts";
import { entries } from "./entries.ts";
import { Deleted } from "./privacy/deletion.tsx";
import { deletion } from "./privacy/deletion-request.ts";
import { SettingsLayout } from "./settings-layout.tsx";
import { sectionTitle } from "./titles.ts";

type NavLinkProps = { to: string; icon: IconNode; title: string; text: string; isHere?: boolean };

const NavLink = ({ to, icon, title, text, isHere = false }: NavLinkProps) => (
  <li>
    <a class="settings-link" href={to} {...(isHere ? { "aria-current": "page" as const } : {})}>
      <Icon icon={icon} size={20} />
      <span>
        <strong>{title}</strong>
        <small>{text}</small>
      </span>
      <Icon icon={ChevronRight} size={16} />
    </a>
  </li>
);

const Nav = ({ here }: { here: SettingsSection | null }) => (
  <nav class="settings-nav" aria-label={t("settings")}>
    <ul>
      {listedSections().map((section) => {
        const { icon, text } = entries[section];
        const title = sectionTitle(section);
        return <NavLink key={section} to={`/settings/${section}`} icon={icon} title={title} text={ta(text)} isHere={section === here} />;
      })}
      {may("moderate") && <NavLink to="/moderation" icon={Gavel} title={ta("moderation")} text={ta("moderationText")} />}
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

/** Sets the page's title while the component is mounted. */
function useTitle(title: string): void {
  useEffect(() => {
    partTitle.value = title;
    return () => {
      partTitle.value = null;
    };
  }, [title]);
}

function Page({ section }: { section: SettingsSection }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [section]);
  const { view: View } = entries[section];
  const { needs, isForStaff } = sectionAccess[section];
  const title = sectionTitle(section);
  useTitle(title);
  if (needs !== "nothing" && !me.value) return <Skeleton lines={6} />;
  const canOpen = isOpen(section);
  return (
    <div class="settings-page">
      {isMiddle.value && !isWide.value && (
        <a class="text-button settings-back" href="/settings">
          {ta("allSettings")}
        </a>
      )}
      {canOpen && (
        <h1 ref={heading} class="settings-title" tabIndex={-1}>
          {title}
        </h1>
      )}
      {canOpen && <View />}
      {!canOpen && (isForStaff ? <AccessDenied code="forbidden" isPage /> : <NeedAccount />)}
    </div>
  );
}

/** Replaces sections that need a session when there is none. */
const WithoutSession = () => (deletion.value ? <Deleted {...deletion.value} /> : <NeedSession />);

function Contents({ section }: { section: SettingsSection | null }) {
  if (sessionPhase.value === "unknown") return <Skeleton lines={6} />;
  const isActive = sessionPhase.value === "active";
  if (!isActive && section !== null && sectionAccess[section].needs !== "nothing") return <WithoutSession />;
  const shown = section ?? (isWide.value && isActive ? "profile" : null);
  if (shown === null)
    return (
      <div class="settings">
        {!isActive && <WithoutSession />}
        {isActive && <h1 class="settings-title">{t("settings")}</h1>}
        <Nav here={null} />
      </div>
    );
  return (
    <div class="settings settings-split">
      {isWide.value && <Nav here={shown} />}
      <Page key={shown} section={shown} />
    </div>
  );
}

/** Renders the settings: the list next to the open section, or only one where there is no space for both. */
export function SettingsView({ section }: { section: SettingsSection | null }) {
  useEffect(() => {
    if (sessionPhase.peek() === "active") void loadMe();
  }, []);
  return (
    <SettingsLayout isList={section === null}>
      <Contents section={section} />
    </SettingsLayout>
  );
}
