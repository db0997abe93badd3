import { limits } from "../../../../utils/contract/limits.ts";
import { mayModerate } from "../../../../utils/contract/ranks.ts";
import type { RoomDto } from "../../../../utils/contract/schemas/lounges.ts";
import type { LiveMessageDto } from "../../../../utils/contract/schemas/messages.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";

export type Rights = {
  canReact: boolean;
  canReply: boolean;
  canEdit: boolean;
  canDelete: boolean;
  canPin: boolean;
  canSeeHistory: boolean;
  canReport: boolean;
  canModerate: boolean;
};

type Where = {
  me: Pick<AuthorDto, "id" | "role"> | null;
  kind: RoomDto["kind"] | null;
  canSend: boolean;
  now: number;
};

/** Returns what a user may do with a message. The server decides; this hides actions that it would reject. */
export function rightsOf(message: LiveMessageDto, { me, kind, canSend, now }: Where): Rights {
  const isOwn = message.author.id === me?.id;
  // Staff have no special permissions in a conversation.
  const isStaff = kind === "language" && (me?.role === "moderator" || me?.role === "admin");
  const moderates = isStaff && me !== null && mayModerate(me, message.author);
  const isYoung = now - Date.parse(message.createdAt) < limits.editWindowMs;
  return {
    canReact: me !== null && canSend,
    canReply: me !== null && canSend,
    canEdit: isOwn && canSend && isYoung,
    canDelete: isOwn || moderates,
    canPin: me !== null && (kind === "language" ? moderates || (isStaff && isOwn) : kind !== null && canSend),
    canSeeHistory: message.editedAt !== null && (isOwn || moderates),
    canReport: me !== null && !isOwn,
    canModerate: moderates,
  };
}
