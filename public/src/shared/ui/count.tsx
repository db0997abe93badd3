import { Users } from "lucide";
import { counted, number } from "../../locales/index.ts";
import { Icon } from "./icon.tsx";

/** Shows how many people are in a room: a number and an icon, with a phrase for screen readers. */
export function Count({ people, look }: { people: number; look: "sidebar-count" | "chip-count" }) {
  if (people === 0) return null;
  return (
    <span class={look}>
      <Icon icon={Users} size={12} />
      <span aria-hidden="true">{number(people)}</span>
      <span class="sr-only">, {counted("peopleNow", people)}</span>
    </span>
  );
}
