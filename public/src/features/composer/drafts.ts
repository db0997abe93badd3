import { hasOwn, recallOwn, rememberOwn } from "../../storage.ts";

/** Users mentioned in the composer: the text shown there, and the ID that is sent instead. */
export type MentionedInDraft = Readonly<Record<string, string>>;

const isText = (value: unknown): value is string => typeof value === "string";

const isNamed = (value: unknown): value is MentionedInDraft =>
  typeof value === "object" && value !== null && Object.values(value).every(isText);

/** Returns the current user's draft for a room. */
export const draftOf = (roomId: string): string => recallOwn("draft", roomId, isText) ?? "";

export const keepDraft = (roomId: string, text: string): void => rememberOwn("draft", roomId, text === "" ? null : text);

export const hasDrafts = (): boolean => hasOwn("draft");

export const namedIn = (roomId: string): MentionedInDraft => recallOwn("named", roomId, isNamed) ?? {};

export const recordMention = (roomId: string, written: string, userId: string): void =>
  rememberOwn("named", roomId, { ...namedIn(roomId), [written]: userId });

export const clearMentions = (roomId: string): void => rememberOwn("named", roomId, null);
