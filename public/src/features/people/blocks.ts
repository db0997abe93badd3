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

/** Whom one has blocked, by id, the newest first. */
export const blocks = signal<ReadonlyMap<string, BlockDto>>(new Map());

export const isBlocked = (userId: string): boolean => blocks.value.has(userId);

/** How many blocks were made and removed here. */
let changes = 0;

/** Asks for all of them. What is known stays when no answer comes. */
export async function loadBlocks(): Promise<void> {
  const userId = owner.peek();
  const before = changes;
  const found = await everyPage((query) => ask("listBlocks", `/api/users/me/blocks?${query}`, { bearer: true })).catch(() => null);
  // A list that was on its way while one was made or removed may be older than that.
  if (found && changes !== before) return loadBlocks();
  if (found && userId === owner.peek()) blocks.value = new Map(found.map((one) => [one.user.id, one]));
}

/** @throws Refusal */
export async function blockPerson(user: AuthorDto): Promise<void> {
  await ask("blockUser", `/api/users/me/blocks/${user.id}`, { method: "PUT", bearer: true });
  changes += 1;
  blocks.value = new Map([[user.id, { user, createdAt: new Date().toISOString() }], ...blocks.peek()]);
}

/** @throws Refusal */
export async function unblockPerson(userId: string): Promise<void> {
  await ask("unblockUser", `/api/users/me/blocks/${userId}`, { method: "DELETE", bearer: true });
  changes += 1;
  blocks.value = new Map([...blocks.peek()].filter(([id]) => id !== userId));
}

/**
 * Blocks somebody at once, and offers to undo that. The block declines what they ask of the user; undone, their requests are back.
 * `undone` is called then. @throws Refusal
 */
export async function blockWithUndo(user: AuthorDto, text: string, undone: () => void): Promise<void> {
  const asked = requests.peek().filter((one) => (one.invitedBy ?? partnerIn(one))?.id === user.id);
  await blockPerson(user);
  // The view of a conversation that is not in the list any more would look it up once more.
  if (asked.some(({ id }) => path.peek() === conversationPath(id))) go("/m");
  for (const { id } of asked) dropConversation(id);
  const undo = async (): Promise<void> => {
    await unblockPerson(user.id);
    await Promise.all(asked.map(({ id }) => lookUp(id)));
    undone();
  };
  offerUndo({ text, undo });
}

/** Who sits here and may have a list at all. */
const keeper = computed(() => (may("edit_profile") ? person.value : null));

/** Keeps the list at hand for whoever sits here, and looks again on coming back: it may have changed on another device. */
export function watchBlocks(): void {
  effect(() => {
    blocks.value = new Map();
    if (keeper.value !== null) void loadBlocks();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && keeper.peek() !== null) void loadBlocks();
  });
}
