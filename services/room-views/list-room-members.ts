import { DEFAULT_PAGE, type Page } from "../../utils/contract/schemas/primitives.ts";
import type { ListMembersInput, MemberDto } from "../../utils/contract/schemas/rooms.ts";
import type { Ctx } from "../context.ts";
import { viewOf } from "../conversations/access.ts";
import { membersOf } from "../conversations/as-room.ts";
import { roomForMember } from "../rooms/access.ts";

/** Lists the people in a room, or all members of a conversation, by id; the cursor is the last id. */
export async function listMembers(
  ctx: Ctx<"pool" | "now" | "rooms" | "conversations" | "presence">,
  input: ListMembersInput,
): Promise<Page<MemberDto>> {
  const room = await roomForMember(ctx, input.roomId);
  const limit = input.limit ?? DEFAULT_PAGE;
  const { cursor = "" } = input;
  const here = room.kind === "language" ? ctx.presence.roster(room.id) : membersOf(await viewOf(ctx, room.id));
  const people = here.filter((person) => person.id > cursor).sort((a, b) => (a.id < b.id ? -1 : 1));
  const items = people.slice(0, limit);
  return { items, nextCursor: people.length > limit ? (items.at(-1)?.id ?? null) : null };
}
