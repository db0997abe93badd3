import { computed, effect, signal } from "@preact/signals";
import type { BlockDto } from "../../../../utils/contract/schemas/conversations.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { ask } from "../../api.ts";
import { everyPage } from "../../shared/state/pages.ts";
import { conversationPath, go, path } from "../../shared/state/route.ts";
import { offerUndo } from "../../shared/state/undo.ts";
import { owner } from "../../storage.ts";
import { partnerIn, requests } from "../inbox/inbox.ts";
import { dropConversation, lookUp } from "../inbox/inbox-load.ts";
import { may, person } from "../session/me.ts";

/** The users blocked by the current user, by ID, newest first. */
export const blocks = signal<ReadonlyMap<string, BlockDto>>(new Map());

export const isBlocked = (userId: string): boolean => blocks.value.has(userId);

/** Number of blocks added and removed in this tab. */
let changes = 0;

/** Loads all blocks. On failure, the known ones stay. */
export async function loadBlocks(): Promise<void> {
  const userId = owner.peek();
  const before = changes;
  const found = await everyPage((query) => ask("listBlocks", `/api/users/me/blocks?${query}`, { bearer: true })).catch(() => null);
  // A list that was loading while a block was added or removed may be outdated.
  if (found && changes !== before) return loadBlocks();
  if (found && userId === owner.peek()) blocks.value = new Map(found.map((one) => [one.user.id, one]));
}

/** @throws ApiError */
export async function blockPerson(user: AuthorDto): Promise<void> {
  await ask("blockUser", `/api/users/me/blocks/${user.id}`, { method: "PUT", bearer: true });
  changes += 1;
  blocks.value = new Map([[user.id, { user, createdAt: new Date().toISOString() }], ...blocks.peek()]);
}

/** @throws ApiError */
export async function unblockPerson(userId: string): Promise<void> {
  await ask("unblockUser", `/api/users/me/blocks/${userId}`, { method: "DELETE", bearer: true });
  changes += 1;
  blocks.value = new Map([...blocks.peek()].filter(([id]) => id !== userId));
}

/**
 * Blocks a user immediately, and offers to undo that. The block declines their requests; undoing it restores them and calls `undone`.
 * @throws ApiError
 */
export async function blockWithUndo(user: AuthorDto, text: string, undone: () => void): Promise<void> {
  const asked = requests.peek().filter((one) => (one.invitedBy ?? partnerIn(one))?.id === user.id);
  await blockPerson(user);
  // The view of a conversation that is no longer in the list would look it up again.
  if (asked.some(({ id }) => path.peek() === conversationPath(id))) go("/m");
  for (const { id } of asked) dropConversation(id);
  const undo = async (): Promise<void> => {
    await unblockPerson(user.id);
    await Promise.all(asked.map(({ id }) => lookUp(id)));
    undone();
  };
  offerUndo({ text, undo });
}

/** The current user, if they may block others. */
const keeper = computed(() => (may("edit_profile") ? person.value : null));

/**
 * Keeps the block list loaded for the current user, and reloads it when the page becomes visible: it may have changed on another device.
 */
export function watchBlocks(): void {
  effect(() => {
    blocks.value = new Map();
    if (keeper.value !== null) void loadBlocks();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && keeper.peek() !== null) void loadBlocks();
  });
}
