import { prepare, tokenize } from "./tokenize.ts";
import type { ColourReply, ColourRequest } from "./tokens.ts";

const reply = (message: ColourReply): void => postMessage(message);

/** Tokenizes one block of code; the page terminates the worker on timeout. */
async function colour({ id, language, text }: ColourRequest): Promise<void> {
  try {
    await prepare(language);
    reply({ id, state: "started" });
    reply({ id, state: "done", tokens: tokenize(language, text) });
  } catch {
    reply({ id, state: "failed" });
  }
}

addEventListener("message", (event: MessageEvent<ColourRequest>) => void colour(event.data));
