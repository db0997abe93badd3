import type { FactName, FactPayload } from "../contract/events.ts";

type Listener = (payload: never) => void;

/** Where facts are told by whichever socket is the current one, and heard by everybody who asked to. */
export type FactHub = {
  /** Answers how to stop. */
  on<Name extends FactName>(name: Name, hear: (payload: FactPayload<Name>) => void): () => void;
  tell(name: FactName, payload: unknown): void;
};

export function createFactHub(): FactHub {
  const listeners = new Map<FactName, Set<Listener>>();
  return {
    on: (name, hear) => {
      const set = listeners.get(name) ?? new Set<Listener>();
      listeners.set(name, set.add(hear));
      return () => set.delete(hear);
    },
    tell: (name, payload) => {
      for (const hear of listeners.get(name) ?? []) hear(payload as never);
    },
  };
}
