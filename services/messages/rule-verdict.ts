import type { CheckedMessage } from "../automod/rules/automod.ts";
import { isRejecting, RejectedByRule } from "../automod/rules/rejected-by-rule.ts";
import type { Rule } from "../automod/rules/rule.ts";
import type { Ctx } from "../context.ts";

function pass(rule: Rule | null): Rule | null {
  if (rule !== null && isRejecting(rule)) throw new RejectedByRule(rule);
  return rule;
}

/**
 * Returns the automatic rule that holds or flags a message, or null. Waits only where the rules themselves must.
 * @throws RejectedByRule
 */
export function ruleFor({ actor, automod }: Ctx<"automod">, message: Omit<CheckedMessage, "actor">): Rule | null | Promise<Rule | null> {
  const checked = automod.check({ ...message, actor });
  return checked instanceof Promise ? checked.then(pass) : pass(checked);
}

/** Publishes that a rule flagged a message that was sent or changed. */
export function publishFlag({ actor, events }: Ctx<"events">, rule: Rule | null, messageId: string): void {
  if (rule?.outcome === "flag") events.publish("ruleMatched", { rule, userId: actor.id, messageId });
}

/** Publishes that a rule rejected a message, if its author is to be muted for it. */
export function publishRejection({ actor, events }: Ctx<"events">, error: unknown): void {
  if (error instanceof RejectedByRule && error.rule.outcome === "silence")
    events.publish("ruleMatched", { rule: error.rule, userId: actor.id, messageId: null });
}
