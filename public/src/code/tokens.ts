import type { CodeLanguage } from "./languages.ts";

/** The syntax class of a token. */
export type Look = "keyword" | "string" | "number" | "comment" | "name" | "type" | "added" | "removed";

/** A token: source text and its class. Concatenated, the tokens are the code. */
export type Token = { readonly text: string; readonly look: Look | null };

export type ColourRequest = { readonly id: number; readonly language: CodeLanguage; readonly text: string };

/** `started` is sent when the grammar has loaded and tokenizing begins, so that network time does not count towards the timeout. */
export type ColourReply = { readonly id: number } & (
  | { readonly state: "started" }
  | { readonly state: "done"; readonly tokens: readonly Token[] }
  | { readonly state: "failed" }
);
