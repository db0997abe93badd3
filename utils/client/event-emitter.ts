import type { ServerEventName, ServerEventPayload } from "../contract/events.ts";

type Listener = (payload: never) => void;

/** Where facts are told by whichever socket is the current one, and heard by everybody who asked to. */
export type ServerEventEmitter = {
  /** Answers how to stop. */
  on<Name extends ServerEventName>(name: Name, hear: (payload: ServerEventPayload<Name>) => void): () => void;
  emit(name: ServerEventName, payload: unknown): void;
};

export function createServerEventEmitter(): ServerEventEmitter {
  const listeners = new Map<ServerEventName, Set<Listener>>();
  return {
    on: (name, hear) => {
      const set = listeners.get(name) ?? new Set<Listener>();
      listeners.set(name, set.add(hear));
      return () => set.delete(hear);
    },
    emit: (name, payload) => {
      for (const hear of listeners.get(name) ?? []) hear(payload as never);
    },
  };
}
