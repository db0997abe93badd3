/** The record of a chaos run: plain data, written by clients and read by the checker. Times are of one clock, in ms. */

/**
 * A message as a client received it, or as the database has it. `text` is null once it is deleted; `reactions` are `emoji userId`, sorted;
 * `replyTo` is the parent with the beginning of its text, or null once that is deleted.
 */
export type Seen = {
  readonly id: string;
  readonly seq: number;
  readonly changedSeq: number;
  readonly text: string | null;
  readonly reactions: readonly string[];
  readonly replyTo: { readonly id: string; readonly excerpt: string | null } | null;
};

export type Command =
  | { readonly name: "send"; readonly roomId: string; readonly clientMessageId: string; readonly text: string; readonly replyToId?: string }
  | { readonly name: "edit"; readonly messageId: string; readonly text: string }
  | { readonly name: "delete"; readonly messageId: string }
  | { readonly name: "react"; readonly messageId: string; readonly emoji: string; readonly isOn: boolean };

/** `op` links a command to its outcome; a command without one counts as unknown. `line` counts the client's connections. */
export type Entry =
  | { readonly kind: "invoke"; readonly at: number; readonly op: number; readonly command: Command }
  | { readonly kind: "ok"; readonly at: number; readonly op: number; readonly message: Seen }
  | { readonly kind: "refused"; readonly at: number; readonly op: number; readonly code: string }
  | { readonly kind: "unknown"; readonly at: number; readonly op: number }
  | {
      readonly kind: "joined";
      readonly askedAt: number;
      readonly at: number;
      readonly line: number;
      readonly roomId: string;
      readonly epoch: string;
      readonly isSnapshot: boolean;
      readonly lastSeq: number;
      readonly hasMore: boolean;
      readonly messages: readonly Seen[];
    }
  | {
      readonly kind: "synced";
      readonly askedAt: number;
      readonly at: number;
      readonly line: number;
      readonly roomId: string;
      readonly lastSeq: number;
      readonly hasMore: boolean;
      readonly messages: readonly Seen[];
    }
  | {
      readonly kind: "told";
      readonly at: number;
      readonly line: number;
      readonly roomId: string;
      readonly epoch: string;
      readonly fromSeq: number;
      readonly toSeq: number;
      readonly messages: readonly Seen[];
    };

/** Everything one client sent and received, in order. */
export type History = { readonly client: string; readonly userId: string; readonly entries: readonly Entry[] };

/** The final state of a message in the database. */
export type Row = Seen & { readonly roomId: string; readonly authorId: string; readonly clientMessageId: string };

/** A numbered change as a database trigger recorded it, in the order of the changes. */
export type Change = Seen & { readonly roomId: string };

/** The input of the checker. */
export type Evidence = {
  readonly histories: readonly History[];
  readonly rooms: readonly { readonly id: string; readonly lastSeq: number }[];
  readonly rows: readonly Row[];
  readonly changes: readonly Change[];
};
