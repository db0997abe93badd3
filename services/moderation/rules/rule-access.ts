import type pg from "pg";
import type { ScopeDto } from "../../../utils/contract/schemas/moderation/actions.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Actor } from "../../actor.ts";
import { authorize } from "../../authorize.ts";
import { linesOf } from "../../automod/rules/rule.ts";
import { MAX_ENABLED } from "../../automod/rules/rule-cache.ts";
import { RULE_COLUMNS, type RuleRow } from "../../automod/rules/rule-rows.ts";
import { PATTERNS_SIZE, sizeOfPattern } from "../../automod/rules/text/patterns.ts";
import { loungeOfPublicScope } from "../actions/action-access.ts";
import { mayModerateIn, mayModerateSomewhere } from "../policy.ts";
import type { RuleFields } from "./rule-fields.ts";

type Db = pg.Pool | pg.PoolClient;

/**
 * Checks that the actor moderates the scope of a rule.
 * @throws AppError `forbidden`, `not_found` for a room or lounge that does not exist
 */
export async function authorizeScope(db: Db, actor: Actor, scope: ScopeDto): Promise<void> {
  authorize(mayModerateSomewhere(actor));
  authorize(mayModerateIn(actor, { loungeId: await loungeOfPublicScope(db, scope) }));
}

const FIND = `SELECT ${RULE_COLUMNS} FROM automod_rules r WHERE r.id = $1`;

/** Finds a rule. @throws AppError `not_found` */
export async function findRule(db: Db, ruleId: string, { isLocked = false } = {}): Promise<RuleRow> {
  const [row] = (await db.query<RuleRow>(isLocked ? `${FIND} FOR NO KEY UPDATE` : FIND, [ruleId])).rows;
  if (row === undefined) throw new AppError("not_found");
  return row;
}

/** The largest number of lines and characters of all enabled rules of one scope. */
const MAX_LINES = 20_000;
const MAX_CHARACTERS = 400_000;

/** Serializes what enables rules, so that the sums below cannot be exceeded by two transactions at once. */
const LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('automod rules', 0))";

const COUNT = "SELECT count(*)::int AS count FROM automod_rules WHERE is_enabled AND id IS DISTINCT FROM $1";

const IN_SCOPE = `
  SELECT ${RULE_COLUMNS} FROM automod_rules r
  WHERE r.is_enabled AND r.id IS DISTINCT FROM $1 AND r.scope_kind = $2::action_scope AND r.scope_id IS NOT DISTINCT FROM $3
    AND r.pattern IS NOT NULL`;

const tooLarge = (reason: string): AppError => new AppError("pattern_invalid", { reason });

/**
 * Checks that a rule may be enabled beside the others: their number and size determine the time that they take for each message.
 * @throws AppError `pattern_invalid { reason }`
 */
export async function checkTotals(tx: pg.PoolClient, rule: RuleFields, ruleId: string | null): Promise<void> {
  await tx.query(LOCK);
  const { rows: counts } = await tx.query<{ count: number }>(COUNT, [ruleId]);
  if ((counts[0]?.count ?? 0) >= MAX_ENABLED) throw tooLarge(`At most ${MAX_ENABLED} rules can be enabled.`);
  if (rule.pattern === null) return;
  const { rows } = await tx.query<RuleRow>(IN_SCOPE, [ruleId, rule.scope.kind, rule.scope.id]);
  const all: readonly Pick<RuleFields, "kind" | "pattern">[] = [...rows, rule];
  const size = all.reduce((sum, { kind, pattern }) => sum + (kind === "regex" ? sizeOfPattern(pattern ?? "") : 0), 0);
  if (size > PATTERNS_SIZE) throw tooLarge("The patterns of all enabled rules are too large together.");
  const words = all.filter(({ kind }) => kind !== "regex");
  const lines = words.reduce((sum, { pattern }) => sum + linesOf(pattern).length, 0);
  const characters = words.reduce((sum, { pattern }) => sum + (pattern ?? "").length, 0);
  if (lines > MAX_LINES || characters > MAX_CHARACTERS) throw tooLarge("The lines of all enabled rules are too many together.");
}
