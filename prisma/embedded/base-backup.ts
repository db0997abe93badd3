import { Readable } from "node:stream";
import pg from "pg";

/** The replication slot retains the write-ahead log for the whole backup. It is temporary: it ends with the connection. */
const SLOT = "chatroom_backup";
const DUPLICATE_OBJECT = "42710";
const CONNECT_TIMEOUT_MS = 5_000;

/** `WAL` includes the log from the start to the end of the backup, so that the archive can be recovered by itself. */
const BASE_BACKUP =
  "BASE_BACKUP (LABEL 'npm run backup', CHECKPOINT 'fast', WAL true, MANIFEST 'yes', MANIFEST_CHECKSUMS 'SHA256', VERIFY_CHECKSUMS true)";

/** The first byte of a CopyData message of BASE_BACKUP (PostgreSQL manual, "Streaming Replication Protocol"). */
const NEW_ARCHIVE = 0x6e;
const DATA = 0x64;
const MANIFEST = 0x6d;

type CopyData = { readonly chunk: Buffer };

/**
 * The BASE_BACKUP command on a replication connection. `archive` is the cluster as a tar archive. `manifest` resolves with PostgreSQL's
 * backup manifest once the server has confirmed the end of the backup, and rejects when the backup failed.
 */
export class BaseBackup implements pg.Submittable {
  readonly archive: Readable;
  readonly manifest: Promise<Buffer>;
  readonly #manifestParts: Buffer[] = [];
  #archives = 0;
  #isManifest = false;
  #connection: pg.Connection | undefined;
  #resolve: (manifest: Buffer) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor() {
    this.archive = new Readable({ read: () => this.#connection?.stream.resume() });
    this.manifest = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Both report the same failure, possibly before the caller uses either.
    this.manifest.catch(() => undefined);
    this.archive.on("error", () => undefined);
  }

  submit(connection: pg.Connection): void {
    this.#connection = connection;
    connection.query(BASE_BACKUP);
  }

  handleCopyData({ chunk }: CopyData): void {
    // The parser reuses its buffer for the next message, so the bytes are copied.
    const data = Buffer.from(chunk.subarray(1));
    if (chunk[0] === NEW_ARCHIVE) this.#archives += 1;
    else if (chunk[0] === MANIFEST) this.#endArchive();
    else if (chunk[0] === DATA && this.#isManifest) this.#manifestParts.push(data);
    else if (chunk[0] === DATA && !this.archive.push(data)) this.#connection?.stream.pause();
  }

  #endArchive(): void {
    this.#isManifest = true;
    this.archive.push(null);
    // An ended stream does not request more data, and the last chunk of the archive may have paused the connection.
    this.#connection?.stream.resume();
  }

  handleError(error: Error): void {
    this.archive.destroy(error);
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    // Each tablespace would be a separate archive; the embedded database has none.
    if (this.#archives === 1 && this.#isManifest) this.#resolve(Buffer.concat(this.#manifestParts));
    else this.handleError(new Error(`PostgreSQL sent ${this.#archives} archives instead of one with a manifest.`));
  }

  // WAL positions, which the manifest contains too.
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCommandComplete(): void {}
}

/** Retains all WAL from now on until the connection ends. The slot name also limits the database to one backup at a time. */
async function reserveLog(client: pg.Client): Promise<void> {
  await client.query(`CREATE_REPLICATION_SLOT ${SLOT} TEMPORARY PHYSICAL (RESERVE_WAL true)`).catch((error: { code?: string }) => {
    if (error.code === DUPLICATE_OBJECT) throw new Error("Another backup of this database is running. Wait until it is finished.");
    throw error;
  });
}

/** Rejects with the signal's reason once it is aborted. */
const abortOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });

/**
 * Opens a replication connection of the cluster's administrator and begins a base backup. `end` closes the connection, which aborts a
 * backup in progress; aborting `signal` does the same, also while the server has not answered yet.
 * @throws Error when another backup is running or the server does not answer; the signal's reason when it is aborted meanwhile
 */
export async function beginBaseBackup(address: string, signal: AbortSignal): Promise<{ backup: BaseBackup; end(): Promise<void> }> {
  const client = new pg.Client({
    connectionString: `${address}&replication=true`,
    application_name: "chatroom backup",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // A lost connection also fails the command in progress, which reports it.
  client.on("error", () => undefined);
  const end = (): Promise<void> => client.end().catch(() => undefined);
  const reserved = client.connect().then(() => reserveLog(client));
  try {
    await Promise.race([reserved, abortOf(signal)]);
  } catch (error) {
    // A hanging server would not confirm the end; the connection's own timeout is the last limit.
    reserved.catch(() => undefined);
    void end();
    throw error;
  }
  signal.addEventListener("abort", () => void end(), { once: true });
  return { backup: client.query(new BaseBackup()), end };
}
