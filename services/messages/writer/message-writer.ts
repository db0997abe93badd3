import type pg from "pg";
import type { Logger } from "winston";
import type { ReplyToDto, SentMessageDto } from "../../../utils/contract/schemas/messages.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Metrics } from "../../../utils/metrics.ts";
import type { Batch } from "../../realtime/batch.ts";
import { type Numbered, presentCommitted } from "../present.ts";
import { commitDrafts } from "./commit.ts";
import { isConstraintViolation, isLockTimeout, isRetryable } from "./commit-errors.ts";
import { createContendedRooms } from "./contended-rooms.ts";
import type { Draft } from "./draft.ts";
import { answerDuplicates } from "./duplicate-sends.ts";
import type { LockPolicy } from "./insert-messages.ts";
import { byRoom, dedupeByKey, keyOf, MAX_BATCH, type PendingWrite } from "./pending-writes.ts";
import { createPipeline, type Finish, nextIteration, type WrittenBatch } from "./pipeline.ts";
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
  publish: (batch: Batch) => void;
  /** Receives the ids of notifications created with a commit. */
  publishNotifications: (notificationIds: readonly string[]) => void;
  logger: Logger;
  metrics: Pick<Metrics, "commitSeconds" | "commitMessages">;
};

const unavailable = (cause?: unknown): AppError => new AppError("unavailable", { retryAfterMs: 1_000 }, { cause });

/** Yield to the event loop after publishing for this long, so that clients who already received a batch can reply. */
const SLICE_MS = 2;

/**
 * Creates the message writer. One queue for all rooms: a commit takes all waiting drafts of all rooms, and while it is in progress the
 * next batch accumulates. (Two concurrent commits, measured for comparison, made each commit smaller and none faster.) A room
 * that is locked by another transaction is omitted from the commit and served from its own queue until the lock is available: it never
 * delays the others.
 */
export function createMessageWriter({ pool, publish, publishNotifications, logger, metrics }: Options): MessageWriter {
  const queue: PendingWrite[] = [];
  let isClosed = false;
  const contended = createContendedRooms({
    write: async (batch) => (await commit(batch, "wait"))(),
    reject: rejectAll,
  });
  const pipeline = createPipeline({ waiting: () => queue.length, write: writeNext });

  /** Publishes the committed messages, one batch per room in the order of their numbers, then answers the authors. */
  async function settle(
    waiting: readonly PendingWrite[],
    numbered: ReadonlyMap<string, Numbered>,
    parents: ReadonlyMap<string, ReplyToDto>,
  ): Promise<void> {
    const rooms = byRoom(waiting, (draft) => {
      const committed = numbered.get(draft.id);
      return committed && presentCommitted(draft, committed, parents.get(draft.replyTo?.id ?? ""));
    });
    let beganAt = performance.now();
    for (const [roomId, items] of rooms) {
      if (performance.now() - beganAt > SLICE_MS) {
        await nextIteration();
        beganAt = performance.now();
      }
      const messages = items.map((item) => item.message);
      const first = messages[0];
      if (first) publish({ roomId, fromSeq: first.seq - 1, toSeq: first.seq - 1 + messages.length, messages });
      for (const { message, resolve } of items) resolve(message);
    }
    const notificationIds = waiting.flatMap(({ draft }) => (numbered.has(draft.id) ? draft.notifications.map(({ id }) => id) : []));
    if (notificationIds.length > 0) publishNotifications(notificationIds);
  }

  /** Returns the drafts that a commit omitted, and their repeats, in the order of arrival. */
  function omittedFrom(
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
      const omitted = omittedFrom(waiting, firsts, numbered);
      if (policy === "skip") for (const item of omitted) contended.add(item);
      const settled = omitted.length === 0 ? repeats : repeats.filter((item) => !omitted.includes(item));
      return async () => {
        try {
          await settle(firsts, numbered, await readParentsOf(pool, firsts));
          await answerDuplicates(pool, policy === "skip" ? settled : [...settled, ...omitted]);
        } catch (error) {
          rejectAll(waiting, error);
        }
      };
    } catch (error) {
      if (policy === "wait" && isLockTimeout(error)) throw error;
      return recover(waiting, policy, { error, isSecondTry });
    }
  }

  function rejectAll(waiting: readonly PendingWrite[], error: unknown): void {
    logger.warn("could not commit messages", { messages: waiting.length, error });
    const reason = isConstraintViolation(error) ? (error as Error) : unavailable(error);
    for (const { reject } of waiting) reject(reason);
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
      return commit(policy === "skip" ? rest.filter((item) => !moveToContended(item)) : rest, policy);
    }
    return async () => rejectAll(waiting, error);
  }

  /** Moves a draft to the queue of its contended room, if there is one. @returns whether it was moved */
  function moveToContended(item: PendingWrite): boolean {
    const isContended = contended.has(item.draft.roomId);
    if (isContended) contended.add(item);
    return isContended;
  }

  /** Takes the next batch; drafts of contended rooms are moved to their queues. */
  const takeBatch = (): PendingWrite[] => queue.splice(0, MAX_BATCH).filter((item) => !moveToContended(item));

  async function writeNext(): Promise<WrittenBatch | null> {
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
