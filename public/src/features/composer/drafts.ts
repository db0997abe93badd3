import { hasOwn, recallOwn, rememberOwn } from "../../storage.ts";

/** People named in the composer: what stands there, and the id that is sent instead. */
export type MentionedInDraft = Readonly<Record<string, string>>;

const isText = (value: unknown): value is string => typeof value === "string";

const isNamed = (value: unknown): value is MentionedInDraft =>
  typeof value === "object" && value !== null && Object.values(value).every(isText);

/** Returns what the present person began to write in a room. */
export const draftOf = (roomId: string): string => recallOwn("draft", roomId, isText) ?? "";

export const keepDraft = (roomId: string, text: string): void => rememberOwn("draft", roomId, text === "" ? null : text);

export const hasDrafts = (): boolean => hasOwn("draft");

export const namedIn = (roomId: string): MentionedInDraft => recallOwn("named", roomId, isNamed) ?? {};

export const recordMention = (roomId: string, written: string, userId: string): void =>
  rememberOwn("named", roomId, { ...namedIn(roomId), [written]: userId });

export const clearMentions = (roomId: string): void => rememberOwn("named", roomId, null);
