import { MessageCircle } from "lucide";
import { explain, t } from "../../locales/index.ts";
import { lazy } from "../../shared/ui/lazy.tsx";
import { Notice } from "../../shared/ui/notice.tsx";
import { StandaloneLoading, StandalonePage } from "../../shared/ui/standalone-page.tsx";
import { NextStep } from "../room/access-cta.tsx";
import { hasLostTexts, sessionPhase } from "../session/session.ts";

const words = ["inbox", "account"] as const;
const InboxView = lazy(() => import("../inbox/index.tsx").then((file) => file.InboxView), { words });
const ConversationPage = lazy(() => import("../inbox/conversation.tsx").then((file) => file.ConversationPage), { words });

/** Renders the page at the address of the inbox or of one conversation. */
export function MessagesRoute({ roomId }: { roomId: string | null }) {
  if (sessionPhase.value === "unknown") return <StandaloneLoading />;
  if (sessionPhase.value !== "active")
    return (
      <StandalonePage>
        <Notice isPage icon={MessageCircle} title={t("messages")} text={explain("unauthenticated")}>
          {hasLostTexts.value && <p>{t("endedLost")}</p>}
          <NextStep code="account_required" />
        </Notice>
      </StandalonePage>
    );
  return roomId === null ? <InboxView /> : <ConversationPage roomId={roomId} />;
}
