import { BadgeCheck, Bot, Shield, Ticket } from "lucide";
import type { AuthorDto } from "../../../utils/contract/users.ts";
import { t } from "../locales/index.ts";
import { shownPerson } from "../state/showing.ts";
import { Icon } from "./icon.tsx";

type Who = Pick<AuthorDto, "id" | "displayName" | "kind" | "role">;

/** A steady hue for somebody, from their id. */
export function hueOf(id: string): number {
  let hash = 7;
  for (const letter of id) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return (hash % 24) * 15;
}

const initialOf = (name: string): string =>
  [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(name)][0]?.segment.toLocaleUpperCase() ?? "?";

/** A person's initial on their colour; pure decoration, since the name stands beside it. */
export function Avatar({ who, size = "md" }: { who: Who; size?: "sm" | "md" | "lg" }) {
  return (
    <span class={`avatar-tile avatar-${size}`} style={{ "--hue": hueOf(who.id) }} aria-hidden="true">
      {initialOf(who.displayName)}
    </span>
  );
}

function markOf(who: Who) {
  if (who.role === "admin") return { icon: BadgeCheck, text: t("admin") };
  if (who.role === "moderator") return { icon: Shield, text: t("moderator") };
  if (who.kind === "bot") return { icon: Bot, text: t("bot") };
  return who.kind === "guest" ? { icon: Ticket, text: t("guest") } : null;
}

/** What somebody is, in words and a sign. Guests always bear one. */
export function Mark({ who }: { who: Who }) {
  const mark = markOf(who);
  if (!mark) return null;
  return (
    <span class={`mark mark-${who.role}`}>
      <Icon icon={mark.icon} size={11} />
      {mark.text}
    </span>
  );
}

/** Somebody's name, which opens their profile. */
export const PersonName = ({ who, look }: { who: AuthorDto; look: "message-author" | "person-name" }) => (
  <button
    type="button"
    class="person-link"
    onClick={() => {
      shownPerson.value = who;
    }}
  >
    <bdi class={look}>{who.displayName}</bdi>
  </button>
);
