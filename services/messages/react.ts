import type pg from "pg";
import { limits } from "../../utils/contract/limits.ts";
import type { ChangedDto, LiveMessageDto, ReactionInput } from "../../utils/contract/messages.ts";
import { emojiOf } from "../../utils/emoji.ts";
import { AppError } from "../../utils/errors.ts";
import { authorize } from "../authorize.ts";
import type { Ctx } from "../context.ts";
import { needWriteAccess } from "../conversations/write-access.ts";
import { maySpeak } from "../sanctions/policy.ts";
import { changeMessage } from "./change.ts";
import type { MessageRow } from "./present.ts";

/** What the rows add up to: each emoji in the order it first came, with those who came first. */
const SUM_UP = `
  UPDATE messages m SET reactions = coalesce((
    SELECT jsonb_agg(jsonb_build_object('emoji', g.emoji, 'count', g.count, 'userIds', g.users) ORDER BY g.first, g.emoji) FROM (
      SELECT r.emoji, count(*) AS count, min(r.created_at) AS first,
        (array_agg(r.user_id ORDER BY r.created_at, r.user_id))[1:${limits.reactionPeople}] AS users
      FROM reactions r WHERE r.message_id = m.id GROUP BY r.emoji
    ) g), '[]')
  WHERE m.id = ANY($1::uuid[])`;

/** Writes under messages what their reactions add up to. */
export const sumUpReactions = (tx: pg.PoolClient, ids: readonly string[]) => tx.query(SUM_UP, [ids]);

/** Adds or removes one row. @returns whether there was anything to do */
type Step = (tx: pg.PoolClient, message: MessageRow, reaction: readonly [string, string, string]) => Promise<boolean>;

const ADD = "INSERT INTO reactions (message_id, user_id, emoji) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const REMOVE = "DELETE FROM reactions WHERE message_id = $1 AND user_id = $2 AND emoji = $3";

const add: Step = async (tx, { reactions }, reaction) => {
  const isNewKind = reactions.every(({ emoji }) => emoji !== reaction[2]);
  if (isNewKind && reactions.length >= limits.reactionKinds) throw new AppError("reactions_full", { max: limits.reactionKinds });
  return (await tx.query(ADD, [...reaction])).rowCount === 1;
};

const remove: Step = async (tx, _message, reaction) => (await tx.query(REMOVE, [...reaction])).rowCount === 1;

const react =
  (step: Step) =>
  async (ctx: Ctx, input: ReactionInput): Promise<ChangedDto> => {
    authorize(maySpeak(ctx.actor));
    const emoji = emojiOf(input.emoji);
    if (emoji === null) throw new AppError("emoji_invalid");
    const message = await changeMessage(ctx, input.messageId, async (tx, found, room) => {
      await needWriteAccess(tx, room, ctx.actor.id);
      if (!(await step(tx, found, [found.id, ctx.actor.id, emoji]))) return "nothing";
      await sumUpReactions(tx, [found.id]);
      return "message";
    });
    return { message: message as LiveMessageDto };
  };

/**
 * Puts an emoji under a message; one that is there already stays as it is.
 * @throws AppError `not_found`, `muted`, `cannot_message`, `emoji_invalid`, `reactions_full { max }`
 */
export const addReaction = react(add);

/** Takes one's emoji back; one that is not there is no fault. @throws AppError as `addReaction` */
export const removeReaction = react(remove);
