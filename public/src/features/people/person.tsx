import { BadgeCheck, Bot, Shield, Ticket } from "lucide";
import { AVATAR_COLORS, avatarColorOf } from "../../../../utils/contract/avatar-color.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { firstGrapheme } from "../../../../utils/contract/text/graphemes.ts";
import { t } from "../../locales/index.ts";
import { shownPerson } from "../../shared/state/dialogs.ts";
import { shownName } from "../../shared/text/shown-name.ts";
import { Icon } from "../../shared/ui/icon.tsx";

type Who = Pick<AuthorDto, "id" | "displayName" | "kind" | "role">;

const HUES = AVATAR_COLORS / 2;

/** Returns the hue of one of the avatar colors, in degrees. The first half of the colors is light, the second strong. */
const hueOfColor = (color: number): number => (color % HUES) * (360 / HUES);

/** Returns a stable hue for a user, derived from their ID. */
export const hueOf = (id: string): number => hueOfColor(avatarColorOf(id));

const initialOf = (name: string): string => firstGrapheme(name).toLocaleUpperCase() || "?";

type Size = "sm" | "md" | "lg";

/** Renders an initial on a color; purely decorative, since the name is next to it. */
export const UserAvatar = ({ name, color, size }: { name: string; color: number; size: Size }) => (
  <span
    class={`avatar-tile avatar-${size}${color < HUES ? "" : " avatar-strong"}`}
    style={{ "--hue": hueOfColor(color) }}
    aria-hidden="true"
  >
    {initialOf(name)}
  </span>
);

/** Renders a user's initial on their color. */
export const Avatar = ({ who, size = "md" }: { who: Who; size?: Size }) => (
  <UserAvatar name={shownName(who)} color={avatarColorOf(who.id)} size={size} />
);

function markOf(who: Who) {
  if (who.role === "admin") return { icon: BadgeCheck, text: t("admin") };
  if (who.role === "moderator") return { icon: Shield, text: t("moderator") };
  if (who.kind === "bot") return { icon: Bot, text: t("bot") };
  return who.kind === "guest" ? { icon: Ticket, text: t("guest") } : null;
}

/** Shows a user's role as text and icon. Guests always have one. */
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

/** Renders a user's name as a button that opens their profile. */
export const PersonName = ({ who, look }: { who: AuthorDto; look: "message-author" | "person-name" }) => (
  <button
    type="button"
    class="person-link"
    onClick={() => {
      shownPerson.value = who;
    }}
  >
    <bdi class={look}>{shownName(who)}</bdi>
  </button>
);
