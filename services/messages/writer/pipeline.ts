/** What remains to be done of a batch that was written: announcing it and answering its authors. */
export type Finish = () => Promise<void>;

/** A batch that was written: the number of its drafts, and what remains to be done of it. */
export type Written = { readonly size: number; readonly finish: Finish };

/** Writes batch after batch, each while those before are announced. */
export type Pipeline = {
  /** Starts to write the next batch if it is due; to be called whenever a draft was added. */
  advance(): void;
  /** Resolves when nothing waits, is written or is announced any more. */
  idle(): Promise<void>;
};

type Options = {
  /** How many drafts wait. */
  readonly waiting: () => number;
  /** Takes the next batch and writes it; null where there was nothing left to write. Must not reject, and neither must `finish`. */
  readonly write: () => Promise<Written | null>;
};

/** Resolves after the current turn of the event loop. */
export const turn = (): Promise<void> => new Promise(setImmediate);

/**
 * The database writes one batch while the batches before are announced, in the order in which they were written. Clients who wait for
 * their acknowledgement before they send again would gather in one batch, and the database would be idle while it is announced:
 * therefore the next one is written as soon as half as many drafts wait as are being announced.
 */
export function createPipeline({ waiting, write }: Options): Pipeline {
  /** The sizes of the batches that are written and not announced yet; at most two. */
  const unannounced: number[] = [];
  let announcing: Promise<void> = Promise.resolve();
  let writing: Promise<void> | null = null;

  /** Whether the next batch may be written, and is large enough to be worth its commit. */
  const isNextDue = (): boolean => writing === null && waiting() > 0 && unannounced.length <= 1 && waiting() >= (unannounced[0] ?? 0) / 2;

  function advance(): void {
    if (isNextDue()) writing = writeNext();
  }

  async function writeNext(): Promise<void> {
    // Whatever arrived in this turn of the event loop belongs into the same commit.
    await turn();
    const written = await write();
    writing = null;
    if (written !== null) {
      unannounced.push(written.size);
      announcing = announcing.then(() => announce(written.finish));
    }
    advance();
  }

  async function announce(finish: Finish): Promise<void> {
    // The next statement must have left before announcing takes the processor.
    if (writing !== null) await turn();
    await finish();
    unannounced.shift();
    advance();
  }

  return {
    advance,
    async idle() {
      while (writing !== null || unannounced.length > 0) await Promise.all([writing, announcing]);
    },
  };
}
