import type pg from "pg";
import type { Logger } from "winston";
import type { Clock } from "../../../utils/clock.ts";
import type { Actor } from "../../actor.ts";
import { roleIn } from "../../rooms/policy.ts";
import type { RoomRecord } from "../../rooms/room-cache.ts";
import { createFirstMessages } from "./first-messages.ts";
import { createMessageCounters } from "./message-counters.ts";
import { type MessageText, messageTextOf } from "./message-text.ts";
import type { Rule } from "./rule.ts";
import { createRuleCache, type RuleBook } from "./rule-cache.ts";
import { createRuleHits, type RuleHits } from "./rule-hits.ts";
import type { RuleSet } from "./rule-set.ts";

/** A text that is about to be sent, or to replace the text of a message. */
export type CheckedMessage = {
  readonly actor: Actor;
  readonly room: RoomRecord;
  readonly text: string;
  /** The number of people that the text mentions. */
  readonly mentions: number;
  /** Whether it replaces the text of a message: such a text is not counted. */
  readonly isEdit: boolean;
};

/** The automatic rules of one node. */
export type Automod = {
  /** Starts reading the rules if they are outdated, so that `check` need not wait. Never fails. */
  prepare(): void;
  /**
   * Returns the rule that decides about a message, or null. The answer is a promise only if the rules are outdated, or if a rule counts
   * the author's first messages. Bots and the roles that a rule exempts are not checked. In conversations only the rules of the site about
   * words, patterns and links apply, unless they only flag.
   */
  check(message: CheckedMessage): Rule | null | Promise<Rule | null>;
  /** Makes this node read the rules again; other nodes do within a second. */
  invalidate(): void;
  readonly hits: RuleHits;
};

/** The outcomes, strictest first. */
const STRICTNESS: readonly Rule["outcome"][] = ["silence", "block", "hold", "flag"];

const IN_CONVERSATIONS: readonly Rule["kind"][] = ["word", "regex", "link"];

const appliesIn = (rule: Rule, { room, actor, isEdit }: CheckedMessage): boolean => {
  if (rule.exemptRoles.includes(roleIn(actor, room))) return false;
  if (room.lounge === null && (rule.outcome === "flag" || !IN_CONVERSATIONS.includes(rule.kind))) return false;
  return !isEdit || IN_CONVERSATIONS.includes(rule.kind) || rule.kind === "mention";
};

/** Returns the rule with the strictest outcome, the oldest of several. */
function strictest(rules: readonly Rule[]): Rule | null {
  for (const outcome of STRICTNESS) {
    const rule = rules.find((one) => one.outcome === outcome);
    if (rule !== undefined) return rule;
  }
  return null;
}

type Options = { readonly pool: pg.Pool; readonly now: Clock; readonly logger: Logger };

/** Creates the automatic rules of one node. Each node counts the messages that it receives. */
export function createAutomod(options: Options): Automod {
  const rules = createRuleCache(options);
  const hits = createRuleHits(options);
  const counters = createMessageCounters(options.now);
  const firstMessages = createFirstMessages(options.pool);

  /** Counts a message for a rule about repetition. @returns whether it is one too many */
  function isOneTooMany({ id, kind, threshold, windowMs }: Rule, authorId: string, text: MessageText): boolean {
    const key = kind === "flood" ? `${id} ${authorId}` : `${id} ${authorId} ${text.hash()}`;
    return counters.exceeds(key, { threshold: threshold ?? 1, windowMs: windowMs ?? 1 });
  }

  function decide(matched: readonly Rule[]): Rule | null {
    for (const { id } of matched) hits.add(id);
    return strictest(matched);
  }

  /** Checks the rules that need a query. */
  async function checkFirst(matched: readonly Rule[], asked: readonly Rule[], authorId: string): Promise<Rule | null> {
    const first = await Promise.all(asked.map(async (rule) => ((await firstMessages.isFirst(rule, authorId)) ? [rule] : [])));
    return decide([...matched, ...first.flat()]);
  }

  function checkSets(sets: readonly RuleSet[], message: CheckedMessage): Rule | null | Promise<Rule | null> {
    const { actor, text, mentions } = message;
    const content = messageTextOf(text, mentions);
    const matched = sets.flatMap((set) => set.matching(content)).filter((rule) => appliesIn(rule, message));
    const counting = sets.flatMap((set) => set.counting).filter((rule) => appliesIn(rule, message));
    const asked: Rule[] = [];
    for (const rule of counting) {
      if (rule.kind === "first_messages") asked.push(rule);
      else if (isOneTooMany(rule, actor.id, content)) matched.push(rule);
    }
    return asked.length === 0 ? decide(matched) : checkFirst(matched, asked, actor.id);
  }

  function checkWith(book: RuleBook, message: CheckedMessage): Rule | null | Promise<Rule | null> {
    const sets = book.rulesIn(message.room);
    return sets.length === 0 || message.actor.kind === "bot" ? null : checkSets(sets, message);
  }

  return {
    prepare() {
      const known = rules.current();
      if (known instanceof Promise) known.catch((error: unknown) => options.logger.debug("could not read the automatic rules", { error }));
    },
    check(message) {
      const book = rules.current();
      return book instanceof Promise ? book.then((read) => checkWith(read, message)) : checkWith(book, message);
    },
    invalidate: rules.invalidate,
    hits,
  };
}
