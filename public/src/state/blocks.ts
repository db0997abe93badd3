import { computed, effect, signal } from "@preact/signals";
import type { BlockDto } from "../../../utils/contract/conversations.ts";
import type { AuthorDto } from "../../../utils/contract/users.ts";
import { ask } from "../api.ts";
import { owner } from "../storage.ts";
import { may, person } from "./me.ts";
import { everyPage } from "./pages.ts";

/** Whom one has blocked, by id, the newest first. */
export const blocks = signal<ReadonlyMap<string, BlockDto>>(new Map());

export const isBlocked = (userId: string): boolean => blocks.value.has(userId);

/** Asks for all of them. What is known stays when no answer comes. */
export async function loadBlocks(): Promise<void> {
  const userId = owner.peek();
  const found = await everyPage((query) => ask("listBlocks", `/api/users/me/blocks?${query}`, { bearer: true })).catch(() => null);
  if (found && userId === owner.peek()) blocks.value = new Map(found.map((one) => [one.user.id, one]));
}

/** @throws Refusal */
export async function blockPerson(user: AuthorDto): Promise<void> {
  await ask("blockUser", `/api/users/me/blocks/${user.id}`, { method: "PUT", bearer: true });
  blocks.value = new Map([[user.id, { user, createdAt: new Date().toISOString() }], ...blocks.peek()]);
}

/** @throws Refusal */
export async function unblockPerson(userId: string): Promise<void> {
  await ask("unblockUser", `/api/users/me/blocks/${userId}`, { method: "DELETE", bearer: true });
  blocks.value = new Map([...blocks.peek()].filter(([id]) => id !== userId));
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
