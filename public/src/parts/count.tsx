import { counted, number } from "../locales/index.ts";

/** How many people are in a room: a number to see, a phrase to hear. */
export function Count({ people, look }: { people: number; look: "rail-count" | "chip-count" }) {
  if (people === 0) return null;
  return (
    <span class={look}>
      <span aria-hidden="true">{number(people)}</span>
      <span class="sr-only">, {counted("peopleNow", people)}</span>
    </span>
  );
}
