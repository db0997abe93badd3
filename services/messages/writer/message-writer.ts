import type pg from "pg";
import type { Logger } from "winston";
import type { ReplyToDto, SentMessageDto } from "../../../utils/contract/schemas/messages.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Metrics } from "../../../utils/metrics.ts";
import type { Batch } from "../../realtime/batch.ts";
import { commitDrafts } from "./commit.ts";
import { isConstraintViolation, isLockTimeout, isRetryable } from "./commit-errors.ts";
import { createContendedRooms } from "./contended-rooms.ts";
import { type Draft, type Numbered, presentCommitted } from "./draft.ts";
import { answerDuplicates } from "./duplicate-sends.ts";
import type { LockPolicy } from "./insert-messages.ts";
import { byRoom, dedupeByKey, keyOf, MAX_BATCH, type PendingWrite } from "./pending-writes.ts";
import { createPipeline, type Finish, turn, type Written } from "./pipeline.ts";
import { readParentsOf } from "./reply-parents.ts";

/** How many messages may wait for their commit before `write` rejects with `unavailable`. */
const QUEUE_LENGTH = 10_000;

/** Numbers, commits and publishes messages: the only writer of `seq`. */
export type MessageWriter = {
  /**
   * Commits one message and publishes it; the same author's `clientMessageId` again returns the first one.
   * @throws AppError `idempotency_conflict` for the same key with other content, `not_found` when the room does not exist or the author is
   * not a member of the group, `cannot_message` when the other member of a direct conversation does not accept messages, `unavailable`
   * when the database is unreachable or the queue is full (retry with the same key)
   */
  write(draft: Draft): Promise<SentMessageDto>;
  /** Waits until every accepted message is committed or rejected; accepts no new ones. */
  close(): Promise<void>;
};

type Options = {
  pool: pg.Pool;
  announce: (batch: Batch) => void;
  /** Receives the ids of notifications created with a commit. */
  tell: (notificationIds: readonly string[]) => void;
  logger: Logger;
  metrics: Pick<Metrics, "commitSeconds" | "commitMessages">;
};

const unavailable = (cause?: unknown): AppError => new AppError("unavailable", { retryAfterMs: 1_000 }, { cause });

/** Yield to the event loop after publishing for this long, so that clients who already received a batch can reply. */
const SLICE_MS = 2;

/**
 * Creates the message writer. One queue for all rooms: a commit takes all waiting drafts of all rooms, and while it is in progress the
 * next batch accumulates. (Two concurrent commits, measured for comparison, made each of them smaller and none of them faster.) A room
 * that is locked by another transaction is omitted from the commit and served from its own queue until the lock is available: it never
 * delays the others.
 */
export function createMessageWriter({ pool, announce, tell, logger, metrics }: Options): MessageWriter {
  const queue: PendingWrite[] = [];
  let isClosed = false;
  const contended = createContendedRooms({
    write: async (batch) => (await commit(batch, "wait"))(),
    reject: refuse,
  });
  const pipeline = createPipeline({ waiting: () => queue.length, write: writeNext });

  /** Publishes the committed messages, one batch per room in the order of their numbers, then answers the authors. */
  async function settle(
    waiting: readonly PendingWrite[],
    numbered: ReadonlyMap<string, Numbered>,
    parents: ReadonlyMap<string, ReplyToDto>,
  ): Promise<void> {
    const rooms = byRoom(waiting, (draft) => {
      const place = numbered.get(draft.id);
      return place && presentCommitted(draft, place, parents.get(draft.replyTo?.id ?? ""));
    });
    let beganAt = performance.now();
    for (const [roomId, items] of rooms) {
      if (performance.now() - beganAt > SLICE_MS) {
        await turn();
        beganAt = performance.now();
      }
      const messages = items.map((item) => item.message);
      const first = messages[0];
      if (first) announce({ roomId, fromSeq: first.seq - 1, toSeq: first.seq - 1 + messages.length, messages });
      for (const { message, resolve } of items) resolve(message);
    }
    const noticed = waiting.flatMap(({ draft }) => (numbered.has(draft.id) ? draft.notifications.map(({ id }) => id) : []));
    if (noticed.length > 0) tell(noticed);
  }

  /** Returns the drafts that a commit omitted, and their repeats, in the order of arrival. */
  function leftOut(
    waiting: readonly PendingWrite[],
    firsts: readonly PendingWrite[],
    numbered: ReadonlyMap<string, Numbered>,
  ): PendingWrite[] {
    const keys = new Set(firsts.flatMap(({ draft }) => (numbered.has(draft.id) ? [] : keyOf(draft))));
    return keys.size === 0 ? [] : waiting.filter(({ draft }) => keys.has(keyOf(draft)));
  }

  /**
   * Writes a batch, and returns the steps that may run after the next batch was started. With `skip`, drafts that were omitted for any
   * reason move to their room's own queue at once, before any later draft of that room can be written.
   * @throws the database's error when waiting for a lock timed out
   */
  async function commit(waiting: readonly PendingWrite[], policy: LockPolicy, isSecondTry = false): Promise<Finish> {
    const { firsts, repeats } = dedupeByKey(waiting);
    const languages = firsts.flatMap(({ draft }) => draft.language ?? []);
    if (languages.length > 0) await Promise.all(languages);
    const stopTimer = metrics.commitSeconds.startTimer();
    try {
      const numbered = await commitDrafts(
        pool,
        firsts.map((item) => item.draft),
        policy,
      );
      stopTimer();
      metrics.commitMessages.observe(firsts.length);
      const left = leftOut(waiting, firsts, numbered);
      if (policy === "skip") for (const item of left) contended.add(item);
      const settled = left.length === 0 ? repeats : repeats.filter((item) => !left.includes(item));
      return async () => {
        try {
          await settle(firsts, numbered, await readParentsOf(pool, firsts));
          await answerDuplicates(pool, policy === "skip" ? settled : [...settled, ...left]);
        } catch (error) {
          refuse(waiting, error);
        }
      };
    } catch (error) {
      if (policy === "wait" && isLockTimeout(error)) throw error;
      return recover(waiting, policy, { error, isSecondTry });
    }
  }

  function refuse(waiting: readonly PendingWrite[], error: unknown): void {
    logger.warn("a commit failed", { messages: waiting.length, error });
    const refusal = isConstraintViolation(error) ? (error as Error) : unavailable(error);
    for (const { reject } of waiting) reject(refusal);
  }

  /** Retries a failed batch. One row that the database rejects must not fail the others: the batch is halved until that row is isolated. */
  async function recover(
    waiting: readonly PendingWrite[],
    policy: LockPolicy,
    { error, isSecondTry }: { error: unknown; isSecondTry: boolean },
  ): Promise<Finish> {
    if (isRetryable(error) && !isSecondTry) return commit(waiting, policy, true);
    if (isConstraintViolation(error) && waiting.length > 1) {
      const middle = Math.ceil(waiting.length / 2);
      const finish = await commit(waiting.slice(0, middle), policy);
      await finish();
      const rest = waiting.slice(middle);
      return commit(policy === "skip" ? rest.filter((item) => !divert(item)) : rest, policy);
    }
    return async () => refuse(waiting, error);
  }

  /** Moves a draft to the queue of its contended room, if there is one. @returns whether it was moved */
  function divert(item: PendingWrite): boolean {
    const isDiverted = contended.has(item.draft.roomId);
    if (isDiverted) contended.add(item);
    return isDiverted;
  }

  /** Takes the next batch; drafts of contended rooms are moved to their queues. */
  const takeBatch = (): PendingWrite[] => queue.splice(0, MAX_BATCH).filter((item) => !divert(item));

  async function writeNext(): Promise<Written | null> {
    const batch = takeBatch();
    return batch.length === 0 ? null : { size: batch.length, finish: await commit(batch, "skip") };
  }

  return {
    write(draft) {
      if (isClosed || queue.length + contended.size() >= QUEUE_LENGTH) return Promise.reject(unavailable());
      return new Promise((resolve, reject) => {
        queue.push({ draft, since: performance.now(), resolve, reject });
        pipeline.advance();
      });
    },
    async close() {
      isClosed = true;
      await pipeline.idle();
      await contended.idle();
    },
  };
}
