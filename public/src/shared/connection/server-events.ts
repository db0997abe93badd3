import { createServerEventEmitter } from "../../../../utils/client/event-emitter.ts";

const hub = createServerEventEmitter();

/** Hears a fact from whichever socket is the current one. Answers how to stop. */
export const onServerEvent = hub.on;

/** Hands a fact to everybody who hears facts of its name. */
export const publishServerEvent = hub.emit;
