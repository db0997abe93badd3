import type { ConversationDto } from "../../utils/contract/schemas/conversations.ts";
import type { LiveMessageDto, SentMessageDto } from "../../utils/contract/schemas/messages.ts";
import { newId } from "../../utils/ids.ts";
import type { App } from "./app.ts";
import { createRest, type Rest } from "./client.ts";
import type { Person } from "./factories.ts";
import { connect, type Live } from "./sockets/sockets.ts";

/** Somebody at the REST door of a node. */
export const restOf = (app: App, person: Person): Rest => Object.assign(createRest(app.url), { token: person.token });

/** Asks for a conversation: with `userId` the direct one, with `userIds` a group. */
export const openConversation = (app: App, person: Person, body: object) =>
  restOf(app, person).post<ConversationDto>("/api/conversations", body);

type Audience = "everyone" | "shares_room" | "contacts" | "nobody";

export const letWrite = ({ services }: App, person: Person, whoMayWrite: Audience) =>
  services.db.user.update({ where: { id: person.id }, data: { whoMayWrite } });

/** A direct conversation that both have taken. */
export async function makeOpenConversation(app: App, one: Person, two: Person): Promise<string> {
  await letWrite(app, two, "everyone");
  return (await openConversation(app, one, { userId: two.id })).body.id;
}

/** The whole ack of a message. */
export const sayIn = (live: Live, roomId: string, text = "hello", clientMessageId: string = newId()) =>
  live.ask("send_message", { roomId, clientMessageId, text });

/** A message that has its place in the room; one that is held for review is not expected. */
export function placed(message: SentMessageDto): LiveMessageDto {
  if (message.seq === null) throw new Error(`held for review: ${message.text}`);
  return message;
}

/** The code of a refusal, or "ok". */
export const codeOf = (answer: { ok: true } | { ok: false; error: { code: string } }): string => (answer.ok ? "ok" : answer.error.code);

/** Opens lines to an app, and hangs up all that were opened. */
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
