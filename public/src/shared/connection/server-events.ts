import { createFactHub } from "../../../../utils/client/event-emitter.ts";

const hub = createFactHub();

/** Hears a fact from whichever socket is the current one. Answers how to stop. */
export const onFact = hub.on;

/** Hands a fact to everybody who hears facts of its name. */
export const tell = hub.tell;
