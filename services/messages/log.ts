import type pg from "pg";
import type { Logger } from "winston";
import type { LiveMessageDto, SentMessageDto } from "../../utils/contract/messages.ts";
import { AppError } from "../../utils/errors.ts";
import type { Metrics } from "../../utils/metrics.ts";
import type { Batch } from "../realtime/batch.ts";
import { commitDrafts, type Draft, type Numbered, presentCommitted } from "./commit.ts";
import { isRace, isRowFault } from "./commit-faults.ts";
import { presentLiveMessage, presentSent } from "./present.ts";
import { readByIds, readByKeys, type SentRow } from "./queries.ts";
import { byRoom, firstOfEach, keyOf, type Waiting } from "./waiting.ts";

/** Messages that may wait for their commit before the server says "too much". */
const QUEUE_LENGTH = 10_000;

/** Messages in one commit at most: more would make the acks of a burst wait for each other. */
const BATCH_LENGTH = 1_000;

/** Numbers, commits and announces messages: the one writer of `seq`. */
export type RoomLog = {
  /**
   * Commits one message and announces it; the same author's `clientMessageId` again answers the first one.
   * @throws AppError `idempotency_conflict` for the same key with other content, `not_found` when the room is gone or the author is
   *   no member of the group, `cannot_message` when the other of a direct conversation may not be written to, `unavailable` when the database is away or too much is waiting (send it again with the same key)
   */
  append(draft: Draft): Promise<SentMessageDto>;
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

const isSame = (draft: Draft, row: SentRow): boolean =>
  draft.roomId === row.room_id && draft.text === row.sent_text && (draft.replyTo?.id ?? null) === row.reply_to_id;

const unavailable = (cause?: unknown): AppError => new AppError("unavailable", { retryAfterMs: 1_000 }, { cause });

/** So long announcing goes on before those get a turn who were told already, and those who send: most answer what they were told. */
const SLICE_MS = 2;

/** What remains to be done of a batch that was written: announcing it and answering its authors. */
type Finish = () => Promise<void>;

const turn = (): Promise<void> => new Promise(setImmediate);

/**
 * One queue for all rooms: a commit takes what every room has ready, and while it is under way the next one gathers. Two
 * commits at a time, tried side by side, made each of them smaller and none of them faster.
 */
export function createRoomLog({ pool, announce, tell, logger, metrics }: Options): RoomLog {
  const queue: Waiting[] = [];
  let running: Promise<void> | null = null;
  let isClosed = false;

  /** Announces what was committed, one batch a room in the order of its numbers, then answers the authors. @returns who has no number */
  async function settle(
    waiting: readonly Waiting[],
    numbered: Map<string, Numbered>,
    replies: Map<string, LiveMessageDto>,
  ): Promise<Waiting[]> {
    const { rooms, left } = byRoom(waiting, (draft) => {
      const place = numbered.get(draft.id);
      return place && (replies.get(draft.id) ?? presentCommitted(draft, place));
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
    const noticed = waiting.flatMap(({ draft }) => (numbered.has(draft.id) ? draft.notices.map(({ id }) => id) : []));
    if (noticed.length > 0) tell(noticed);
    return left;
  }

  /**
   * What a reply answers may have been changed since its draft was made, by a commit that could not see the reply yet: what it
   * shows of it is read anew. A change that comes later gives the reply a number of its own.
   */
  async function repliesAmong(waiting: readonly Waiting[], numbered: Map<string, Numbered>): Promise<Map<string, LiveMessageDto>> {
    const ids = waiting.flatMap(({ draft }) => (draft.replyTo !== null && numbered.has(draft.id) ? [draft.id] : []));
    if (ids.length === 0) return new Map();
    const rows = await readByIds(pool, ids).catch(() => []);
    return new Map(rows.filter((row) => row.deleted_at === null).map((row) => [row.id, presentLiveMessage(row)]));
  }

  function answerRepeat({ draft, resolve, reject }: Waiting, row: SentRow | undefined): void {
    if (row === undefined) reject(new AppError(draft.conversation?.peerId == null ? "not_found" : "cannot_message"));
    else if (!isSame(draft, row) || row.deleted_at !== null) reject(new AppError("idempotency_conflict"));
    else resolve(presentSent(row));
  }

  async function answerRepeats(repeats: readonly Waiting[]): Promise<void> {
    const rows = await readByKeys(
      pool,
      repeats.map(({ draft }) => ({ authorId: draft.author.id, clientMessageId: draft.clientMessageId })),
    );
    const byKey = new Map(rows.map((row) => [`${row.author_id}:${row.client_message_id}`, row]));
    for (const repeat of repeats) answerRepeat(repeat, byKey.get(keyOf(repeat.draft)));
  }

  /** Writes a batch, and leaves for later what need not be done before the next one is on its way. */
  async function commit(waiting: readonly Waiting[], isSecondTry = false): Promise<Finish> {
    const { firsts, repeats } = firstOfEach(waiting);
    const stopTimer = metrics.commitSeconds.startTimer();
    try {
      const numbered = await commitDrafts(
        pool,
        firsts.map((item) => item.draft),
      );
      stopTimer();
      metrics.commitMessages.observe(firsts.length);
      return async () => {
        try {
          const left = [...(await settle(firsts, numbered, await repliesAmong(firsts, numbered))), ...repeats];
          if (left.length > 0) await answerRepeats(left);
        } catch (error) {
          refuse(waiting, error);
        }
      };
    } catch (error) {
      return recover(waiting, error, isSecondTry);
    }
  }

  function refuse(waiting: readonly Waiting[], error: unknown): void {
    logger.warn("a commit failed", { messages: waiting.length, error });
    const refusal = isRowFault(error) ? (error as Error) : unavailable(error);
    for (const { reject } of waiting) reject(refusal);
  }

  /** One row the database refuses must not take the others with it: the batch is halved until it stands alone. */
  async function recover(waiting: readonly Waiting[], error: unknown, isSecondTry: boolean): Promise<Finish> {
    if (isRace(error) && !isSecondTry) return commit(waiting, true);
    if (isRowFault(error) && waiting.length > 1) {
      const middle = Math.ceil(waiting.length / 2);
      const finish = await commit(waiting.slice(0, middle));
      await finish();
      return commit(waiting.slice(middle));
    }
    return async () => refuse(waiting, error);
  }

  /** The database writes one batch while the batch before is announced. */
  async function run(): Promise<void> {
    let finish: Finish | null = null;
    while (queue.length > 0 || finish !== null) {
      // Whatever arrived in this turn of the event loop belongs into the same commit.
      if (finish === null) await turn();
      const writing = queue.length > 0 ? commit(queue.splice(0, BATCH_LENGTH)) : null;
      if (finish !== null) {
        // The statement must have left before the announcing takes the processor.
        if (writing !== null) await turn();
        await finish();
      }
      finish = await writing;
    }
    running = null;
  }

  return {
    append(draft) {
      if (isClosed || queue.length >= QUEUE_LENGTH) return Promise.reject(unavailable());
      return new Promise((resolve, reject) => {
        queue.push({ draft, resolve, reject });
        running ??= run();
      });
    },
    async close() {
      isClosed = true;
      await running;
    },
  };
}
