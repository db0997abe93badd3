import type { ConversationDto } from "../../utils/contract/schemas/conversations.ts";
import type { LiveMessageDto, SentMessageDto } from "../../utils/contract/schemas/messages.ts";
import { newId } from "../../utils/ids.ts";
import type { App } from "./app.ts";
import { createRest, type Rest } from "./client.ts";
import type { Person } from "./factories.ts";
import { connect, type Live } from "./sockets/sockets.ts";

/** Returns a REST client of a node that is signed in as the given person. */
export const restOf = (app: App, person: Person): Rest => Object.assign(createRest(app.url), { token: person.token });

/** Opens a conversation: the direct one with `userId`, a group with `userIds`. */
export const openConversation = (app: App, person: Person, body: object) =>
  restOf(app, person).post<ConversationDto>("/api/conversations", body);

type Audience = "everyone" | "shares_room" | "contacts" | "nobody";

export const letWrite = ({ services }: App, person: Person, whoMayWrite: Audience) =>
  services.db.user.update({ where: { id: person.id }, data: { whoMayWrite } });

/** Creates a direct conversation that both users have accepted. */
export async function makeOpenConversation(app: App, one: Person, two: Person): Promise<string> {
  await letWrite(app, two, "everyone");
  return (await openConversation(app, one, { userId: two.id })).body.id;
}

/** Sends a message and returns the complete ack. */
export const sayIn = (live: Live, roomId: string, text = "hello", clientMessageId: string = newId()) =>
  live.ask("send_message", { roomId, clientMessageId, text });

/** Returns a message that has its sequence number; throws for one that is pending in moderation. */
export function placed(message: SentMessageDto): LiveMessageDto {
  if (message.seq === null) throw new Error(`held for review: ${message.text}`);
  return message;
}

/** Returns the error code of an ack, or "ok". */
export const codeOf = (answer: { ok: true } | { ok: false; error: { code: string } }): string => (answer.ok ? "ok" : answer.error.code);

/** Opens sockets to an app; `hangUp` closes all of these. */
export function switchboard(app: () => App): { line(person: Person): Promise<Live>; hangUp(): void } {
  const lines: Live[] = [];
  return {
    line: async (person) => {
      const live = await connect(app().url, person.token);
      lines.push(live);
      return live;
    },
    hangUp: () => {
      for (const live of lines.splice(0)) live.close();
    },
  };
}
