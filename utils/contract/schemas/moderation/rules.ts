import { z } from "zod";
import { EXAMPLE_ID, id, messageId, moment, pageQuery, roomId } from "../primitives.ts";
import { roles } from "../users.ts";
import { scope, scopeInput } from "./actions.ts";

export const ruleKinds = ["word", "regex", "link", "mention", "repeat", "flood", "first_messages"] as const;
export type RuleKind = (typeof ruleKinds)[number];
export const ruleOutcomes = ["block", "hold", "flag", "silence"] as const;
export type RuleOutcome = (typeof ruleOutcomes)[number];

const ruleKind = z.enum(ruleKinds).meta({
  description:
    "What the rule looks at: words, a pattern, links, the number of mentions, repeated texts, the number of messages per window, or a user's first messages.",
  examples: ["word"],
});
const ruleOutcome = z.enum(ruleOutcomes).meta({
  description: "What happens to a matching message: it is rejected, held for review, sent and reported, or rejected and its author muted.",
  examples: ["hold"],
});
const patternText = z
  .string()
  .max(20_000)
  .meta({
    description:
      "`word`: words or phrases, one per line; `*` at the end matches any ending; the line `@list:en` stands for the built-in list of English profanities, in rules that flag. `regex`: a pattern in RE2 syntax, at most 500 characters. `link`: host names, one per line; a line that begins with `!` allows the host; without lines every link matches.",
    examples: ["free money\nbuy followers"],
  });
const threshold = z
  .number()
  .int()
  .min(1)
  .max(1_000)
  .meta({ description: "`mention`, `repeat`, `flood`, `first_messages`: how many are allowed.", examples: [3] });
const windowMs = z
  .number()
  .int()
  .min(1_000)
  .max(86_400_000)
  .meta({ description: "`repeat`, `flood`: the window in which they are counted, in ms.", examples: [60_000] });
const silenceMs = z
  .number()
  .int()
  .min(60_000)
  .max(28 * 86_400_000)
  .meta({ description: "`silence`: how long the author is muted, in ms.", examples: [600_000] });
const exemptRoles = z
  .array(z.enum(roles))
  .max(4)
  .meta({ description: "The roles that the rule does not apply to.", examples: [["moderator", "admin"]] });
const ruleMessage = z
  .string()
  .trim()
  .max(300)
  .meta({ description: "What the author of a rejected message is shown.", examples: ["Advertising is not allowed here."] });

export const automodRule = z
  .object({
    id: id.describe("The id of the rule."),
    kind: ruleKind,
    pattern: patternText.nullable().meta({ description: patternText.description, examples: ["free money\nbuy followers"] }),
    threshold: threshold.nullable().meta({ description: threshold.description, examples: [null] }),
    windowMs: windowMs.nullable().meta({ description: windowMs.description, examples: [null] }),
    scope,
    outcome: ruleOutcome,
    silenceMs: silenceMs.nullable().meta({ description: silenceMs.description, examples: [null] }),
    exemptRoles,
    message: ruleMessage.nullable().meta({ description: ruleMessage.description, examples: ["Advertising is not allowed here."] }),
    isEnabled: z.boolean().describe("Whether the rule is applied."),
    hits: z
      .number()
      .int()
      .meta({ description: "How many messages it has matched.", examples: [14] }),
    createdBy: id
      .nullable()
      .meta({ description: "The id of the moderator who created it. Null for a built-in rule.", examples: [EXAMPLE_ID] }),
    createdAt: moment.describe("When it was created."),
    version: z
      .number()
      .int()
      .meta({ description: "Increments with every change.", examples: [1] }),
  })
  .describe("An automatic rule for messages.");
export type RuleDto = z.infer<typeof automodRule>;

/** The fields of a rule that staff choose. */
const ruleFields = {
  kind: ruleKind,
  pattern: patternText
    .nullable()
    .optional()
    .meta({ description: patternText.description, examples: ["free money\nbuy followers"] }),
  threshold: threshold
    .nullable()
    .optional()
    .meta({ description: threshold.description, examples: [3] }),
  windowMs: windowMs
    .nullable()
    .optional()
    .meta({ description: windowMs.description, examples: [60_000] }),
  scope: scopeInput.optional().describe("Where it applies; the whole site by default."),
  outcome: ruleOutcome,
  silenceMs: silenceMs
    .nullable()
    .optional()
    .meta({ description: silenceMs.description, examples: [600_000] }),
  exemptRoles: exemptRoles.optional().meta({ default: ["moderator", "admin"] }),
  message: ruleMessage
    .nullable()
    .optional()
    .meta({ description: ruleMessage.description, examples: ["Advertising is not allowed here."] }),
};

const confirm = z
  .boolean()
  .optional()
  .meta({
    description: "Must be `true` to enable a rule that would have rejected more than 20 % of the last day's messages.",
    examples: [true],
  });

const isEnabled = z.boolean().optional().describe("Whether to apply the rule. A new rule is disabled by default.");

export const createRuleInput = z.strictObject({ ...ruleFields, isEnabled, confirm });
export type CreateRuleInput = z.infer<typeof createRuleInput>;

const ruleId = id.describe("The id of the rule.");
export const ruleParams = z.strictObject({ ruleId });
export type RuleParams = z.infer<typeof ruleParams>;

/** Omitted fields keep their value. The kind cannot be changed. */
export const updateRuleInput = z.strictObject({
  ruleId,
  version: z
    .number()
    .int()
    .min(1)
    .meta({ description: "The version of the rule that the caller has seen.", examples: [1] }),
  pattern: ruleFields.pattern,
  threshold: ruleFields.threshold,
  windowMs: ruleFields.windowMs,
  scope: ruleFields.scope,
  outcome: ruleOutcome.optional(),
  silenceMs: ruleFields.silenceMs,
  exemptRoles: ruleFields.exemptRoles,
  message: ruleFields.message,
  isEnabled,
  confirm,
});
export type UpdateRuleInput = z.infer<typeof updateRuleInput>;

export const listRulesInput = pageQuery;
export type ListRulesInput = z.infer<typeof listRulesInput>;

export const testRuleInput = z.strictObject({
  rule: z.strictObject(ruleFields).describe("The rule to test. It does not have to exist."),
  roomId: roomId.optional().describe("Tests only messages of this room."),
  days: z
    .number()
    .int()
    .min(1)
    .max(30)
    .optional()
    .meta({ description: "Tests the messages of this many days.", default: 1, examples: [7] }),
});
export type TestRuleInput = z.infer<typeof testRuleInput>;

export const ruleTest = z.object({
  tested: z
    .number()
    .int()
    .meta({ description: "How many recent messages were tested, at most 5,000.", examples: [5_000] }),
  matched: z
    .number()
    .int()
    .meta({ description: "How many of them match.", examples: [14] }),
  examples: z
    .array(
      z.object({
        messageId,
        excerpt: z.string().meta({ description: "The beginning of the message.", examples: ["Earn free money from home"] }),
      }),
    )
    .describe("The newest matching messages, at most 20."),
});
export type RuleTestDto = z.infer<typeof ruleTest>;
