import { prepare, tokenize } from "./tokenize.ts";
import type { ColourReply, ColourRequest } from "./tokens.ts";

const reply = (message: ColourReply): void => postMessage(message);

/** Splits one block of code into tokens; the page ends the worker where that takes too long. */
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
