import type { LoungeDto } from "../../utils/contract/schemas/lounges.ts";
import type { LiveMessageDto } from "../../utils/contract/schemas/messages.ts";
import { createRest } from "../support/client.ts";

export const ROOM = "/l/town-square/en";

/** Returns the id of the room at an address, as an anonymous client finds it. */
export async function roomIdOf(url: string, path: string): Promise<string> {
  const [, , slug, language] = path.split("/");
  const { body } = await createRest(url).get<{ items: LoungeDto[] }>("/api/chatroom/lounges");
  const room = body.items.find((lounge) => lounge.slug === slug)?.rooms.find((one) => one.languageCode === language);
  if (!room) throw new Error(`no room at ${path}`);
  return room.id;
}

/** Returns all messages of a room in the database, oldest first, read through the history endpoint by another user. */
export async function recordOf(url: string, roomId: string): Promise<LiveMessageDto[]> {
  const reader = createRest(url);
  await reader.guest(`Reader ${Math.floor(Math.random() * 1e6)}`);
  const found: LiveMessageDto[] = [];
  let query = "limit=100";
  for (;;) {
    const { body } = await reader.get<{ items: LiveMessageDto[]; nextCursor: string | null }>(
      `/api/chatroom/rooms/${roomId}/messages?${query}`,
    );
    found.push(...body.items);
    if (!body.nextCursor) return found.reverse();
    query = `limit=100&cursor=${encodeURIComponent(body.nextCursor)}`;
  }
}
