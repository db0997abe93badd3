import { AppError } from "../../../utils/errors.ts";
import type { Ctx } from "../../context.ts";
import type { RoomRecord } from "../../rooms/room-cache.ts";
import { isTrusted } from "../../trust/trust-level.ts";
import { DEFAULT_MESSAGE } from "../rules/rejected-by-rule.ts";

type Submission = { readonly room: RoomRecord; readonly text: string; readonly languageCode: string | null };

/**
 * Returns whether the outside classifier allows a message or holds it for review; a promise only if the classifier is asked. Call it
 * without holding a lock. Messages in conversations are private and never leave the server.
 * @throws AppError `blocked_by_rule { message }`
 */
export function hookVerdict(
  { actor, messageHook }: Ctx<"messageHook">,
  { room, text, languageCode }: Submission,
): "allow" | "hold" | Promise<"allow" | "hold"> {
  if (messageHook === null || room.kind !== "language") return "allow";
  if (messageHook.audience === "newcomers" && isTrusted(actor)) return "allow";
  const message = { roomId: room.id, text, languageCode, author: { id: actor.id, kind: actor.kind } };
  return messageHook.verdict(message).then(({ outcome, reason }) => {
    if (outcome === "block") throw new AppError("blocked_by_rule", { message: reason ?? DEFAULT_MESSAGE });
    return outcome;
  });
}
