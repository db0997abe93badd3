import type { ApiError } from "../../../api.ts";
import { ti } from "../../../locales/inbox/index.ts";
import { aheadOf, explain } from "../../../locales/index.ts";
import { NextStep } from "../../room/access-cta.tsx";

const LONG_MS = 3_600_000;

/** What of a refusal may be done about, in a sentence; empty where nothing. */
function nextOf({ code, retryAfterMs = 0 }: ApiError): string {
  if (code === "cannot_message") return ti("cannotMessageNext");
  if (code === "rate_limited" && retryAfterMs > LONG_MS) return ti("newcomerNext");
  return code === "rate_limited" && retryAfterMs > 0 ? aheadOf(new Date(Date.now() + retryAfterMs)) : "";
}

/** Why somebody cannot be written to, and what may be done about it. Said to those who hear the page too. */
export function ConversationDenied({ refusal }: { refusal: ApiError | null }) {
  return (
    <div role="alert">
      {refusal && (
        <div class="talk-refused">
          <p>
            <strong>{explain(refusal.code)}</strong> {nextOf(refusal)}
          </p>
          <NextStep code={refusal.code} />
        </div>
      )}
    </div>
  );
}
