import type { ActionDto } from "../../../../../utils/contract/schemas/moderation/actions.ts";
import { listActions } from "../api.ts";

/** How far back actions are searched, in pages of 100. */
const MOST_PAGES = 20;

/**
 * Returns the actions with some ids, those that the user may see. The API lists actions, newest first, but doesn't return one by its
 * id: the list is read until all are found.
 */
export async function findActions(ids: readonly string[]): Promise<Map<string, ActionDto>> {
  const wanted = new Set(ids);
  const found = new Map<string, ActionDto>();
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES && found.size < wanted.size; page += 1) {
    const { items, nextCursor }: { items: ActionDto[]; nextCursor: string | null } = await listActions({ limit: "100", cursor });
    for (const action of items) if (wanted.has(action.id)) found.set(action.id, action);
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return found;
}
