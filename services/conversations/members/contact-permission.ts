import type { Prisma } from "../../../prisma/generated/client.ts";
import { limits } from "../../../utils/contract/limits.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Ctx } from "../../context.ts";
import type { Membership } from "../conversation-cache.ts";
import { directKey } from "../direct-key.ts";

/** The conditions under which the actor may write to a user. */
type Row = {
  id: string;
  wanted: "everyone" | "shares_room" | "contacts" | "nobody";
  is_blocked: boolean;
  shares_room: boolean;
  declined_room: boolean;
  declined_inviter: boolean;
};

/** The users the actor wants to add to a conversation; `roomId` is null for a new one. */
export type Candidate = { readonly userIds: readonly string[]; readonly roomId: string | null; readonly kind: "direct" | "group" };

const CANDIDATES = `
  SELECT u.id, u.who_may_write AS wanted,
    EXISTS (SELECT FROM blocks b WHERE (b.user_id, b.blocked_id) IN ((u.id, $1::uuid), ($1::uuid, u.id))) AS is_blocked,
    EXISTS (
      SELECT FROM room_members mine JOIN rooms r ON r.id = mine.room_id AND r.kind <> 'direct'
      JOIN room_members theirs ON theirs.room_id = mine.room_id AND theirs.user_id = u.id AND theirs.state = 'active'
      WHERE mine.user_id = $1::uuid AND mine.state = 'active'
    ) AS shares_room,
    EXISTS (
      SELECT FROM declined_invitations d WHERE d.user_id = u.id AND d.room_id = $3::uuid AND d.declined_at > $4::timestamptz
    ) AS declined_room,
    EXISTS (
      SELECT FROM declined_invitations d WHERE d.user_id = u.id AND d.invited_by = $1::uuid AND d.declined_at > $4::timestamptz
    ) AS declined_inviter
  FROM users u
  WHERE u.id = ANY($2::uuid[]) AND u.erased_at IS NULL AND NOT EXISTS (SELECT FROM account_deletions d WHERE d.user_id = u.id)`;

/** The contacts of a user: those with whom they share a direct conversation that both have accepted. */
const CONTACTS = `
  SELECT r.direct_key FROM rooms r
  WHERE r.direct_key = ANY($1::text[]) AND (SELECT count(*) FROM room_members m WHERE m.room_id = r.id AND m.state = 'active') = 2`;

async function contactsAmong(tx: Prisma.TransactionClient, actorId: string, userIds: readonly string[]): Promise<Set<string>> {
  const keys = userIds.map((userId) => directKey(actorId, userId));
  const rows = await tx.$queryRawUnsafe<{ direct_key: string }[]>(CONTACTS, keys);
  return new Set(rows.flatMap(({ direct_key }) => direct_key.split(":").filter((id) => id !== actorId)));
}

function stateOf({ id, wanted, shares_room }: Row, contacts: ReadonlySet<string>): Membership["state"] {
  const isWelcome = wanted === "everyone" || contacts.has(id) || (wanted === "shares_room" && shares_room);
  return isWelcome ? "active" : "requested";
}

/**
 * Whether a recent decline prevents the invitation: it applies to the group for any inviter, and to other groups if the same inviter would
 * need acceptance.
 */
const isDeclined = ({ declined_room, declined_inviter }: Row, state: Membership["state"], kind: Candidate["kind"]): boolean =>
  declined_room || (declined_inviter && kind === "group" && state === "requested");

/**
 * Returns the state in which people join a conversation with the actor: active for those who let the actor write directly, requested for
 * the others.
 * @throws AppError `not_found` for an unknown user, `cannot_message` if either has blocked the other, for users who do not accept
 * messages, and for those who declined within the last 30 days
 */
export async function resolveInviteStates(
  ctx: Ctx<"now">,
  tx: Prisma.TransactionClient,
  { userIds, roomId, kind }: Candidate,
): Promise<Membership[]> {
  const since = new Date(ctx.now().getTime() - limits.declineMs);
  const rows = await tx.$queryRawUnsafe<Row[]>(CANDIDATES, ctx.actor.id, userIds, roomId, since);
  if (rows.length < userIds.length) throw new AppError("not_found");
  if (rows.some(({ is_blocked, wanted }) => is_blocked || wanted === "nobody")) throw new AppError("cannot_message");
  const contacts = await contactsAmong(tx, ctx.actor.id, userIds);
  return rows.map((row) => {
    const state = stateOf(row, contacts);
    if (isDeclined(row, state, kind)) throw new AppError("cannot_message");
    return { userId: row.id, state };
  });
}
