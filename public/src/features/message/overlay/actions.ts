import { Copy, Flag, Gavel, History, type IconNode, Link2, Pencil, Pin, PinOff, Reply, SmilePlus, Trash2 } from "lucide";
import type { LiveMessageDto } from "../../../../../utils/contract/schemas/messages.ts";
import type { AuthorDto } from "../../../../../utils/contract/schemas/users.ts";
import { t } from "../../../locales/index.ts";
import { tt } from "../../../locales/room/index.ts";
import { now } from "../../../shared/state/clock.ts";
import { reporting } from "../../../shared/state/dialogs.ts";
import { path } from "../../../shared/state/route.ts";
import { showToast } from "../../../shared/state/toast.ts";
import { plainOf } from "../../../shared/text/plain-text.ts";
import { announce } from "../../app/announcer.tsx";
import { startWriting } from "../../composer/composer-state.ts";
import { me } from "../../session/me.ts";
import { currentUser } from "../../session/session.ts";
import type { ConversationParts, Over } from "../context.ts";
import { type Rights, rightsOf } from "../message-permissions.ts";
import { pending, pin, remove } from "../pending-changes.ts";

export type Action = { id: string; label: string; icon: IconNode; key?: string; isDanger?: boolean; run: () => void };

/** Where an action was triggered: what it opens is anchored there, and the focus returns there. */
export type Place = Pick<Over, "beside" | "row">;

export async function copy(text: string, said: string): Promise<void> {
  const isDone = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  if (isDone) showToast(said);
}

/** Returns the current user with their role in a lounge: the moderators of one lounge are its staff. */
function roleIn(loungeId: string | null): Pick<AuthorDto, "id" | "role"> | null {
  const user = currentUser.value;
  const isModerator = user?.role === "member" && loungeId !== null && me.value?.moderates.includes(loungeId);
  return user && isModerator ? { id: user.id, role: "moderator" } : user;
}

export const permissionsHere = ({ room }: ConversationParts, message: LiveMessageDto): Rights =>
  rightsOf(message, {
    me: roleIn(room.room.value?.loungeId ?? null),
    kind: room.room.value?.kind ?? null,
    canSend: room.standing.value?.canSend ?? false,
    now: now.peek(),
  });

const toComposer = (): void => document.querySelector<HTMLElement>(".composer-field")?.focus();

export function startReply({ room }: ConversationParts, message: LiveMessageDto): void {
  startWriting(room.roomId, { kind: "reply", to: message });
  toComposer();
}

export function startEdit({ room }: ConversationParts, message: LiveMessageDto): void {
  const text = pending.peek().get(message.id)?.edit?.text ?? message.text;
  startWriting(room.roomId, { kind: "edit", message, text });
  toComposer();
}

function startRemoval({ room }: ConversationParts, message: LiveMessageDto, { row }: Place): void {
  // From the row, the focus moves to the undo button, which replaces the message.
  row?.focus({ preventScroll: true });
  remove(room, message.id);
  announce(tt("removed"));
}

const open = (parts: ConversationParts, kind: Over["kind"], message: LiveMessageDto, place: Place): void => {
  // What opened the menu is itself a place, with a kind of its own.
  parts.over.value = { ...place, kind, message };
};

/** Returns the actions available for a message, most frequent first. */
export function actionsOf(parts: ConversationParts, message: LiveMessageDto, place: Place): Action[] {
  const rights = permissionsHere(parts, message);
  const isPinned = message.pinnedAt !== null;
  const all: (Action | false)[] = [
    rights.canReact && { id: "react", label: tt("react"), icon: SmilePlus, key: "+", run: () => open(parts, "emoji", message, place) },
    rights.canReply && { id: "reply", label: tt("reply"), icon: Reply, key: "R", run: () => startReply(parts, message) },
    rights.canEdit && { id: "edit", label: tt("edit"), icon: Pencil, key: "E", run: () => startEdit(parts, message) },
    { id: "copy", label: t("copy"), icon: Copy, run: () => void copy(plainOf(message.text), t("copied")) },
    {
      id: "link",
      label: tt("copyLink"),
      icon: Link2,
      run: () => void copy(`${location.origin}${path.value}?m=${message.id}`, tt("linkCopied")),
    },
    rights.canPin && {
      id: "pin",
      label: tt(isPinned ? "unpin" : "pin"),
      icon: isPinned ? PinOff : Pin,
      run: () => void pin(parts.room, message, !isPinned),
    },
    rights.canSeeHistory && {
      id: "history",
      label: tt("history"),
      icon: History,
      run: () => open(parts, "history", message, { ...place, beside: null }),
    },
    rights.canReport && {
      id: "report",
      label: t("report"),
      icon: Flag,
      run: () => {
        reporting.value = { kind: "message", id: message.id, who: message.author };
      },
    },
    rights.canModerate && {
      id: "moderate",
      label: tt("moderate"),
      icon: Gavel,
      run: () => open(parts, "moderate", message, { ...place, beside: null }),
    },
    rights.canDelete && {
      id: "delete",
      label: tt("remove"),
      icon: Trash2,
      isDanger: true,
      run: () => startRemoval(parts, message, place),
    },
  ];
  return all.filter((one) => one !== false);
}
