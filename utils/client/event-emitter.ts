import type { ServerEventName, ServerEventPayload } from "../contract/events.ts";

type Listener = (payload: never) => void;

/** Emits server events to their listeners, independent of the socket they arrive on. */
export type ServerEventEmitter = {
  /** Subscribes to an event. Returns a function that unsubscribes. */
  on<Name extends ServerEventName>(name: Name, listener: (payload: ServerEventPayload<Name>) => void): () => void;
  emit(name: ServerEventName, payload: unknown): void;
};

/** Creates an emitter without listeners. */
export function createServerEventEmitter(): ServerEventEmitter {
  const listeners = new Map<ServerEventName, Set<Listener>>();
  return {
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set<Listener>();
      listeners.set(name, set.add(listener));
      return () => set.delete(listener);
    },
    emit: (name, payload) => {
      for (const listener of listeners.get(name) ?? []) listener(payload as never);
    },
  };
}
