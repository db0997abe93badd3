import type { ApiError } from "../../../api.ts";
import { ti } from "../../../locales/inbox/index.ts";
import { aheadOf, explain } from "../../../locales/index.ts";
import { NextStep } from "../../room/access-cta.tsx";

const LONG_MS = 3_600_000;

/** Returns a sentence on what the user can do about an error; empty if nothing. */
function nextOf({ code, retryAfterMs = 0 }: ApiError): string {
  if (code === "cannot_message") return ti("cannotMessageNext");
  if (code === "rate_limited" && retryAfterMs > LONG_MS) return ti("newAccountNext");
  return code === "rate_limited" && retryAfterMs > 0 ? aheadOf(new Date(Date.now() + retryAfterMs)) : "";
}

/** Shows why a user cannot be messaged and what can be done about it. Announced to screen readers. */
export function ConversationDenied({ refusal }: { refusal: ApiError | null }) {
  return (
    <div role="alert">
      {refusal && (
        <div class="conversation-declined">
          <p>
            <strong>{explain(refusal.code)}</strong> {nextOf(refusal)}
          </p>
          <NextStep code={refusal.code} />
        </div>
      )}
    </div>
  );
}
