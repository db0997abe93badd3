import type { CodeLanguage } from "./languages.ts";

/** What a token is painted as. */
export type Look = "keyword" | "string" | "number" | "comment" | "name" | "type" | "added" | "removed";

/** A piece of code as it was written, and what it is; joined again, the pieces are the code. */
export type Token = { readonly text: string; readonly look: Look | null };

export type ColourRequest = { readonly id: number; readonly language: CodeLanguage; readonly text: string };

/** `started` is sent when the grammar is there and the work begins: how long the network takes is not the text's fault. */
export type ColourReply = { readonly id: number } & (
  | { readonly state: "started" }
  | { readonly state: "done"; readonly tokens: readonly Token[] }
  | { readonly state: "failed" }
);
