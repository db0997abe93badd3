import { ChevronRight, Flag, type IconNode, Scale } from "lucide";
import type { MeDto, Permission, TrustLevel } from "../../../../utils/contract/schemas/auth.ts";
import type { ModerationKey } from "../../locales/moderation/en.ts";
import { tm } from "../../locales/moderation/index.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { me } from "../session/me.ts";
import { Section, State } from "./section.tsx";

const levels: Record<TrustLevel, { name: ModerationKey; text: ModerationKey; next: ModerationKey }> = {
  guest: { name: "trustGuest", text: "trustGuestText", next: "trustNextGuest" },
  newcomer: { name: "trustNewcomer", text: "trustNewcomerText", next: "trustNextNewcomer" },
  member: { name: "trustMember", text: "trustMemberText", next: "trustNextMember" },
  regular: { name: "trustRegular", text: "trustRegularText", next: "trustNextRegular" },
};

/** The permissions worth listing; the others belong to settings of their own, or to the staff. */
const listed: readonly (readonly [Permission, ModerationKey])[] = [
  ["send_text", "trustMessages"],
  ["send_links", "trustLinks"],
  ["report", "trustReports"],
  ["enter_open_rooms", "trustOpenRooms"],
  ["enter_registered_rooms", "trustMemberRooms"],
  ["enter_phone_verified_rooms", "trustPhoneRooms"],
  ["enter_age_verified_rooms", "trustAgeRooms"],
];

const needs: Record<string, ModerationKey> = { account: "trustNeedsAccount", phone: "trustNeedsPhone", age: "trustNeedsAge" };

function Allowed({ trust }: Pick<MeDto, "trust">) {
  return (
    <ul class="trust-list">
      {listed.map(([permission, label]) => {
        const { isGranted = false, unlockedBy = null } = trust.find((one) => one.permission === permission) ?? {};
        const need = unlockedBy === null ? undefined : needs[unlockedBy];
        return (
          <li key={permission} class="trust-entry">
            <span>{tm(label)}</span>
            <State is={isGranted ? "good" : "off"}>{tm(isGranted ? "trustAllowed" : (need ?? "trustNotNow"))}</State>
          </li>
        );
      })}
    </ul>
  );
}

const Way = ({ to, icon, label }: { to: string; icon: IconNode; label: string }) => (
  <li>
    <a class="settings-link" href={to}>
      <Icon icon={icon} size={20} />
      <span>
        <strong>{label}</strong>
      </span>
      <Icon icon={ChevronRight} size={16} />
    </a>
  </li>
);

/** Shows the user's trust level, what it allows, what unlocks the next, and the ways to their reports and to decisions about them. */
export function Trust() {
  if (!me.value) return null;
  const { trustLevel, trust } = me.value;
  const { name, text, next } = levels[trustLevel];
  return (
    <>
      <Section id="trust-level" title={tm("trustTitle")} text={tm("trustText")}>
        <p class="trust-level">
          <strong>{tm(name)}</strong>
          <span>{tm(text)}</span>
        </p>
        <p class="trust-next">
          <strong>{tm("trustNext")}</strong>
          <span>{tm(next)}</span>
        </p>
      </Section>
      <Section id="trust-can" title={tm("trustCan")}>
        <Allowed trust={trust} />
      </Section>
      <nav class="trust-ways" aria-label={tm("reports")}>
        <ul>
          <Way to="/me/reports" icon={Flag} label={tm("reports")} />
          <Way to="/me/moderation" icon={Scale} label={tm("sanctions")} />
        </ul>
      </nav>
    </>
  );
}
