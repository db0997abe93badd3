import { Users } from "lucide";
import { counted, number } from "../../locales/index.ts";
import { Icon } from "./icon.tsx";

/** How many people are in a room: a number with the sign of people to see, a phrase to hear. */
export function Count({ people, look }: { people: number; look: "rail-count" | "chip-count" }) {
  if (people === 0) return null;
  return (
    <span class={look}>
      <Icon icon={Users} size={12} />
      <span aria-hidden="true">{number(people)}</span>
      <span class="sr-only">, {counted("peopleNow", people)}</span>
    </span>
  );
}
