import { createHash } from "node:crypto";

/** A row of the audit log as the database prints it. `atMs` counts from 1970. */
export type EntryText = {
  readonly id: string;
  readonly atMs: string;
  readonly actorId: string | null;
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string | null;
  readonly data: string;
  readonly requestId: string | null;
};

/** The fields that the hash of a link covers. Hashes are hexadecimal. */
export type LinkText = {
  readonly number: number;
  readonly previousHash: string;
  readonly atMs: string;
  readonly action: string;
  readonly contentHash: string;
};

/** Encodes fields unambiguously, as netstrings: the length in bytes, a colon, the text and a comma; a missing value is "-,". */
const encode = (fields: readonly (string | null)[]): string =>
  fields.map((field) => (field === null ? "-," : `${Buffer.byteLength(field)}:${field},`)).join("");

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Returns the hash of an entry's content, computed as `audit_content_hash` does in the database. */
export const contentHashOf = ({ id, atMs, actorId, action, subjectType, subjectId, data, requestId }: EntryText): string =>
  sha256(encode([id, atMs, actorId, action, subjectType, subjectId, data, requestId]));

/** Returns the hash of a link, computed as `audit_link_hash` does in the database. */
export const linkHashOf = ({ number, previousHash, atMs, action, contentHash }: LinkText): string =>
  sha256(encode([String(number), previousHash, atMs, action, contentHash]));
