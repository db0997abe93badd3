import { existsSync, unlinkSync } from "node:fs";
import { tokensOf as tokensOfMessage } from "../../../../services/search/index/message-tokens.ts";

/** Makes the worker fail on texts that request it: "hang", "crash", or "hang once <file>" while the file exists. */
export function tokensOf(message: Parameters<typeof tokensOfMessage>[0]): number[] {
  const { text } = message;
  const [, file] = /hang once (\S+)/.exec(text) ?? [];
  const isFirst = file !== undefined && existsSync(file);
  if (isFirst) unlinkSync(file);
  while (isFirst || /\bhang always\b/.test(text));
  if (/\bcrash always\b/.test(text)) process.exit(3);
  return tokensOfMessage(message);
}
