import { MessageCircle } from "lucide";
import { explain, t } from "../../locales/index.ts";
import { lazy } from "../../shared/ui/lazy.tsx";
import { Notice } from "../../shared/ui/notice.tsx";
import { Alone, AloneWaiting } from "../../shared/ui/standalone-page.tsx";
import { NextStep } from "../room/access-cta.tsx";
import { ban } from "../session/me.ts";
import { hasLostTexts, sessionPhase } from "../session/session.ts";
import { Banned } from "./banned.tsx";

const words = ["inbox", "account"] as const;
const InboxView = lazy(() => import("../inbox/index.tsx").then((file) => file.InboxView), { words });
const ConversationView = lazy(() => import("../inbox/conversation.tsx").then((file) => file.ConversationView), { words });

/** What stands at the address of one's messages, or of one conversation. */
export function MessagesRoute({ roomId }: { roomId: string | null }) {
  if (sessionPhase.value === "unknown") return <AloneWaiting />;
  if (ban.value)
    return (
      <Alone>
        <Banned ban={ban.value} />
      </Alone>
    );
  if (sessionPhase.value !== "active")
    return (
      <Alone>
        <Notice isPage icon={MessageCircle} title={t("messages")} text={explain("unauthenticated")}>
          {hasLostTexts.value && <p>{t("endedLost")}</p>}
          <NextStep code="account_required" />
        </Notice>
      </Alone>
    );
  return roomId === null ? <InboxView /> : <ConversationView roomId={roomId} />;
}
