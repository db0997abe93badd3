import { createServerEventEmitter } from "../../../../utils/client/event-emitter.ts";

const hub = createServerEventEmitter();

/** Subscribes to a server event on the current socket. Returns a function that unsubscribes. */
export const onServerEvent = hub.on;

/** Publishes a server event to all subscribers of its name. */
export const publishServerEvent = hub.emit;
