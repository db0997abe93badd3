import { inTransaction } from "../../../prisma/transaction.ts";
import { openMessageCase } from "../../automod/open-case.ts";
import type { Services } from "../../context.ts";
import type { DomainEvents } from "../../domain-events.ts";
import { automaticAction } from "../actions/automatic-action.ts";

type RuleMatched = DomainEvents["ruleMatched"];

/** The rule of the house that automatic rules cite. */
const CITED = "spam";

/** Opens a case about a message that a rule flagged. */
async function openCase({ pool, events }: Pick<Services, "pool" | "events">, messageId: string): Promise<void> {
  const id = await inTransaction(pool, (tx) => openMessageCase(tx, { kind: "rule", messageId, reason: CITED }));
  if (id !== null) events.publish("caseChanged", { id });
}

/** Opens a case about a flagged message, or mutes the author of a rejected one in the rule's scope for the rule's time. */
export async function onRuleMatched(
  services: Pick<Services, "pool" | "now" | "sessions" | "publish" | "events" | "logger">,
  { rule, userId, messageId }: RuleMatched,
): Promise<void> {
  if (messageId !== null) return openCase(services, messageId);
  await automaticAction(services, {
    kind: "mute",
    userId,
    scope: rule.scope,
    rule: CITED,
    text: rule.message,
    durationMs: rule.silenceMs,
  });
}
