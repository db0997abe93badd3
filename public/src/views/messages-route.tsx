import { MessageCircle } from "lucide";
import { explain, t } from "../locales/index.ts";
import { lazy } from "../parts/lazy.tsx";
import { Notice } from "../parts/notice.tsx";
import { ban } from "../state/me.ts";
import { hasLostTexts, sessionPhase } from "../state/session.ts";
import { Alone, AloneWaiting } from "./alone.tsx";
import { Banned } from "./banned.tsx";
import { NextStep } from "./next-step.tsx";

const words = ["inbox", "account"] as const;
const InboxView = lazy(() => import("./inbox/index.tsx").then((file) => file.InboxView), { words });
const ConversationView = lazy(() => import("./inbox/conversation.tsx").then((file) => file.ConversationView), { words });

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
