import type pg from "pg";
import { limits } from "../../../utils/contract/limits.ts";
import type { ChangedDto, ReactionInput } from "../../../utils/contract/schemas/messages.ts";
import { AppError } from "../../../utils/errors.ts";
import { emojiOf } from "../../../utils/text/emoji.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { mayWrite } from "../../sanctions/policy.ts";
import { changeLiveMessage } from "./change.ts";

const UPDATE_SUMMARY = `UPDATE messages m SET reactions = reaction_summary(m.id, ${limits.reactionPeople}) WHERE m.id = ANY($1::uuid[])`;

/** Rewrites the reaction summaries of messages from their reaction rows. */
export const updateReactionSummaries = (tx: pg.PoolClient, ids: readonly string[]) => tx.query(UPDATE_SUMMARY, [ids]);

const react =
  ({ isAdded }: { isAdded: boolean }) =>
  async (ctx: Ctx<"pool" | "rooms" | "conversations" | "events">, input: ReactionInput): Promise<ChangedDto> => {
    authorize(mayWrite(ctx.actor));
    const emoji = emojiOf(input.emoji);
    if (emoji === null) throw new AppError("emoji_invalid");
    const values = [ctx.actor.id, emoji, isAdded, limits.reactionKinds, limits.reactionPeople];
    const message = await changeLiveMessage(ctx, input.messageId, () => ({ name: "change_reaction", values, max: limits.reactionKinds }));
    return { message };
  };

/**
 * Adds the actor's reaction to a message; adding it twice changes nothing.
 * @throws AppError `not_found`, `muted`, `cannot_message`, `emoji_invalid`, `reactions_full { max }`
 */
export const addReaction = react({ isAdded: true });

/** Removes the actor's reaction; removing one that is not there changes nothing. @throws AppError as `addReaction` */
export const removeReaction = react({ isAdded: false });
