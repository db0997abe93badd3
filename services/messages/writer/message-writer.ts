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

/** Messages that may wait for their commit before the server says "too much". */
const QUEUE_LENGTH = 10_000;

/** Numbers, commits and announces messages: the one writer of `seq`. */
export type MessageWriter = {
  /**
   * Commits one message and announces it; the same author's `clientMessageId` again answers the first one.
   * @throws AppError `idempotency_conflict` for the same key with other content, `not_found` when the room is gone or the author is
   *   no member of the group, `cannot_message` when the other of a direct conversation may not be written to, `unavailable` when the database is away or too much is waiting (send it again with the same key)
   */
  write(draft: Draft): Promise<SentMessageDto>;
  /** Waits until everything taken so far is committed or refused; takes nothing more. */
  close(): Promise<void>;
};

type Options = {
  pool: pg.Pool;
  announce: (batch: Batch) => void;
  /** Hears of notifications made with a commit. */
  tell: (notificationIds: readonly string[]) => void;
  logger: Logger;
  metrics: Pick<Metrics, "commitSeconds" | "commitMessages">;
};

const unavailable = (cause?: unknown): AppError => new AppError("unavailable", { retryAfterMs: 1_000 }, { cause });

/** Yield to the event loop after publishing for this long, so that clients who already received a batch can reply. */
const SLICE_MS = 2;

/**
 * One queue for all rooms: a commit takes what every room has ready, and while it is in progress the next batch accumulates. (Two
 * commits at a time, tried side by side, made each of them smaller and none of them faster.) A room that somebody else has locked is
 * left out of the commit and served in a lane of its own until the lock is free: it never delays the others.
 */
export function createMessageWriter({ pool, announce, tell, logger, metrics }: Options): MessageWriter {
  const queue: PendingWrite[] = [];
  let isClosed = false;
  const contended = createContendedRooms({
    write: async (batch) => (await commit(batch, "wait"))(),
    reject: refuse,
  });
  const pipeline = createPipeline({ waiting: () => queue.length, write: writeNext });

  /** Publishes what was committed, one batch a room in the order of its numbers, then answers the authors. */
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

  /** The drafts that a commit left out, and repeats of theirs, in the order in which they came. */
  function leftOut(
    waiting: readonly PendingWrite[],
    firsts: readonly PendingWrite[],
    numbered: ReadonlyMap<string, Numbered>,
  ): PendingWrite[] {
    const keys = new Set(firsts.flatMap(({ draft }) => (numbered.has(draft.id) ? [] : keyOf(draft))));
    return keys.size === 0 ? [] : waiting.filter(({ draft }) => keys.has(keyOf(draft)));
  }

  /**
   * Writes a batch, and returns what need not be done before the next one is on its way. With `skip`, what was left out for whatever
   * reason moves to its room's own lane at once, before any later draft of that room can be written.
   * @throws the database's error when a lock was waited for in vain
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

  /** One row that the database rejects must not take the others with it: the batch is halved until it stands alone. */
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

  /** Moves a draft to the lane of its room, where it has one. */
  function divert(item: PendingWrite): boolean {
    const isDiverted = contended.has(item.draft.roomId);
    if (isDiverted) contended.add(item);
    return isDiverted;
  }

  /** The next batch; drafts of rooms with a lane of their own go there. */
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
