import type { FactName, FactPayload } from "../../../utils/contract/events.ts";

type Listener = (payload: never) => void;
const listeners = new Map<FactName, Set<Listener>>();

/** Hears a fact from whichever socket is the current one. Answers how to stop. */
export function onFact<Name extends FactName>(name: Name, hear: (payload: FactPayload<Name>) => void): () => void {
  const set = listeners.get(name) ?? new Set();
  listeners.set(name, set.add(hear));
  return () => set.delete(hear);
}

/** Hands a fact to everybody who hears facts of its name. */
export function tell(name: FactName, payload: unknown): void {
  for (const hear of listeners.get(name) ?? []) hear(payload as never);
}
