/** Finishes a written batch: publishes it and answers its authors. */
export type Finish = () => Promise<void>;

/** A written batch: the number of its drafts, and its remaining steps. */
export type WrittenBatch = { readonly size: number; readonly finish: Finish };

/** Writes one batch after the other, each while the previous ones are published. */
export type Pipeline = {
  /** Starts to write the next batch if it is due; to be called whenever a draft was added. */
  advance(): void;
  /** Resolves when no draft is waiting, being written or being published. */
  idle(): Promise<void>;
};

type Options = {
  /** Returns how many drafts wait. */
  readonly waiting: () => number;
  /** Takes the next batch and writes it; null if there was nothing to write. Must not reject, and neither must `finish`. */
  readonly write: () => Promise<WrittenBatch | null>;
};

/** Resolves after the current iteration of the event loop. */
export const nextIteration = (): Promise<void> => new Promise(setImmediate);

/**
 * Creates the pipeline. The database writes one batch while the previous batches are published, in the order in which they were written.
 * Clients that wait for their acknowledgement before they send again would all end up in one batch, and the database would be idle while
 * it is published: therefore the next one is written as soon as half as many drafts wait as are being published.
 */
export function createPipeline({ waiting, write }: Options): Pipeline {
  /** The sizes of the batches that are written and not published yet; at most two. */
  const unpublished: number[] = [];
  let publishing: Promise<void> = Promise.resolve();
  let writing: Promise<void> | null = null;

  /** Whether the next batch may be written, and is large enough to be worth a commit. */
  const isNextDue = (): boolean => writing === null && waiting() > 0 && unpublished.length <= 1 && waiting() >= (unpublished[0] ?? 0) / 2;

  function advance(): void {
    if (isNextDue()) writing = writeNext();
  }

  async function writeNext(): Promise<void> {
    // All drafts that arrived in this iteration of the event loop belong to the same commit.
    await nextIteration();
    const written = await write();
    writing = null;
    if (written !== null) {
      unpublished.push(written.size);
      publishing = publishing.then(() => publish(written.finish));
    }
    advance();
  }

  async function publish(finish: Finish): Promise<void> {
    // The next statement must be sent before publishing occupies the CPU.
    if (writing !== null) await nextIteration();
    await finish();
    unpublished.shift();
    advance();
  }

  return {
    advance,
    async idle() {
      while (writing !== null || unpublished.length > 0) await Promise.all([writing, publishing]);
    },
  };
}
