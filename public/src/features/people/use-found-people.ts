import { useEffect, useState } from "preact/hooks";
import { type Failure, toApiError } from "../../api.ts";
import { findPeople, type Person } from "../inbox/conversations.ts";

const WAIT_MS = 250;

export type Found = { people: readonly Person[]; state: "idle" | "looking" | "none" | Failure };
const nothing: Found = { people: [], state: "idle" };

/** Finds members whose name starts with the input, once typing pauses. */
export function useFoundPeople(query: string, leftOut: (id: string) => boolean): Found {
  const [found, setFound] = useState<Found>(nothing);
  useEffect(() => {
    const wanted = query.trim();
    if (wanted === "") return setFound(nothing);
    let isOver = false;
    setFound((before) => ({ ...before, state: "looking" }));
    const timer = setTimeout(async () => {
      const people = await findPeople(wanted).catch(toApiError);
      if (isOver) return;
      if (people instanceof Error) return setFound({ people: [], state: people.code });
      const fitting = people.filter((one) => !leftOut(one.id));
      setFound({ people: fitting, state: fitting.length === 0 ? "none" : "idle" });
    }, WAIT_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [query]);
  return found;
}
