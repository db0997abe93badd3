/** What a chaos run leaves behind: plain data, written by clients and read by the checker. Times are of one clock, in ms. */

/**
 * A message as somebody was shown it, or as the database has it. `text` is null once it is deleted; `reactions` are `emoji userId`, sorted;
 * `replyTo` is the message it answers, with the beginning of its text, or null once that is deleted.
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

/** `op` ties a command to its end; a command without an end is as good as unknown. `line` counts the client's connections. */
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

/** Everything one client did and heard, in the order in which it did. */
export type History = { readonly client: string; readonly userId: string; readonly entries: readonly Entry[] };

/** A message as the database has it in the end. */
export type Row = Seen & { readonly roomId: string; readonly authorId: string; readonly clientMessageId: string };

/** A numbered change, as the database itself noted it when it was made, in the order of making. */
export type Change = Seen & { readonly roomId: string };

/** All that the checker judges by. */
export type Evidence = {
  readonly histories: readonly History[];
  readonly rooms: readonly { readonly id: string; readonly lastSeq: number }[];
  readonly rows: readonly Row[];
  readonly changes: readonly Change[];
};
