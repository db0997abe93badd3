import { ArrowLeft } from "lucide";
import type { ComponentChildren } from "preact";
import { ta } from "../../locales/account/index.ts";
import { isolated, t } from "../../locales/index.ts";
import { backPath, type Route, routeOf } from "../../shared/state/route.ts";
import { isMiddle } from "../../shared/state/settings.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { StandalonePage } from "../../shared/ui/standalone-page.tsx";
import { Layout } from "../app/layout.tsx";
import { conversationOf } from "../inbox/inbox.ts";
import { addressOfRoom, roomLabel } from "../lobby/lounges.ts";
import { nameOf } from "../people/conversation-face.tsx";
import { ban } from "../session/me.ts";
import { sessionPhase } from "../session/session.ts";

/** Returns the name of the page from which the user opened the settings. */
function nameOfOrigin(from: Route): string {
  const place = from.name === "room" ? addressOfRoom(from.lounge, from.language) : null;
  if (place) return roomLabel(place);
  const conversation = from.name === "messages" && from.roomId !== null ? conversationOf(from.roomId) : undefined;
  if (conversation) return nameOf(conversation);
  if (from.name === "messages") return t("messages");
  return t("rooms");
}

function backLabel(): string {
  const from = routeOf(backPath.value);
  return from.name === "lobby" ? t("back") : ta("backTo", { name: isolated(nameOfOrigin(from)) });
}

const BackLink = () => (
  <a class="text-button settings-origin" href={backPath.value}>
    <Icon icon={ArrowLeft} size={18} />
    <span>{backLabel()}</span>
  </a>
);

/** Renders the header on a phone: an arrow back to the previous page, or to the list of settings. */
function PhoneHead({ isList }: { isList: boolean }) {
  const label = isList ? backLabel() : ta("allSettings");
  return (
    <header class="settings-bar">
      <a class="icon-button" href={isList ? backPath.value : "/settings"} aria-label={label} title={label}>
        <Icon icon={ArrowLeft} size={20} />
      </a>
      <span>{t("settings")}</span>
    </header>
  );
}

/** Lays out the settings: next to the sidebar where there is space, with a link back to the previous page. */
export function SettingsLayout({ isList, children }: { isList: boolean; children: ComponentChildren }) {
  if (!isMiddle.value)
    return (
      <div class="page">
        <PhoneHead isList={isList} />
        <main id="content" class="page-body">
          {children}
        </main>
      </div>
    );
  // Banned users cannot open what the sidebar lists.
  if (sessionPhase.value !== "active" || ban.value)
    return (
      <StandalonePage>
        <BackLink />
        {children}
      </StandalonePage>
    );
  return (
    <Layout>
      <main id="content" class="settings-main">
        <BackLink />
        {children}
      </main>
    </Layout>
  );
}
