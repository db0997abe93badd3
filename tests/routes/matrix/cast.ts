import { apiTokenHash } from "../../../services/auth/tokens/api-token.ts";
import { newId } from "../../../utils/ids.ts";
import type { App } from "../../support/app.ts";
import {
  draftFor,
  issueSanction,
  makeConversation,
  makeGuest,
  makeMember,
  makeRoom,
  makeSession,
  type Person,
} from "../../support/factories.ts";

/** Everybody who may stand before a door. `other` asks for what belongs to somebody else; all the rest for what is theirs. */
export const cast = ["nobody", "guest", "member", "other", "moderator", "admin", "banned"] as const;
export type Who = (typeof cast)[number];

export const PASSWORD = "a long walk by the canal";

/** Who asks, and the things that the doors are about. */
export type Scene = {
  readonly caller: Person | null;
  readonly owner: Person;
  /** A second session of the owner. */
  readonly sessionId: string;
  readonly passkeyId: string;
  readonly exportId: string;
  readonly loungeId: string;
  readonly roomId: string;
  /** The owner's, fresh. */
  readonly messageId: string;
  /** A group that is the owner's, and somebody else in it. */
  readonly conversationId: string;
  readonly companion: Person;
  readonly botId: string;
  readonly tokenId: string;
  /** A member who has nothing to do with it. */
  readonly stranger: Person;
};

async function makePerson({ services }: App, who: Exclude<Who, "nobody">): Promise<Person> {
  if (who === "guest") return makeGuest(services);
  const isStaff = who === "moderator" || who === "admin";
  const person = await makeMember(services, isStaff ? { role: who } : {});
  await services.db.credential.create({ data: { userId: person.id, passwordHash: await services.passwords.hash(PASSWORD) } });
  // Freshly proven, so that only what somebody may do decides, and not how long ago they signed in.
  await services.db.session.update({ where: { id: person.sessionId }, data: { provenAt: services.now() } });
  return person;
}

async function makeThings({ services }: App, owner: Person) {
  const { db, messageWriter } = services;
  const { sessionId } = await makeSession(services, owner);
  const keys = { credentialId: new Uint8Array(Buffer.from(newId())), publicKey: new Uint8Array(8), transports: [] };
  const passkey = await db.passkey.create({ data: { userId: owner.id, name: "Key", ...keys } });
  const { id: exportId } = await db.dataExport.create({ data: { userId: owner.id, state: "failed" } });
  const roomId = await makeRoom(services);
  const companion = await makeMember(services);
  const conversationId = await makeConversation(services, [owner, companion], { ownerId: owner.id });
  const { loungeId } = await db.room.findUniqueOrThrow({ where: { id: roomId } });
  const { id: messageId } = await messageWriter.write(draftFor(roomId, owner));
  const bot = await makeMember(services, { kind: "bot" });
  const tokenId = newId();
  const hash = new Uint8Array(apiTokenHash(tokenId));
  await db.apiToken.create({ data: { id: tokenId, sessionId: bot.sessionId, name: "token", hash } });
  const things = { passkeyId: passkey.id, botId: bot.id, tokenId, exportId, conversationId, companion };
  return { ...things, sessionId, roomId, messageId, loungeId: loungeId ?? "" };
}

/** Sets a fresh scene, so that no door is met by what another one left behind. */
export async function setScene(app: App, who: Who): Promise<Scene> {
  const caller = who === "nobody" ? null : await makePerson(app, who);
  const owner = caller === null || who === "other" ? await makePerson(app, "member") : caller;
  const scene = { caller, owner, stranger: await makePerson(app, "member"), ...(await makeThings(app, owner)) };
  if (who === "banned") await issueSanction(app.services, owner.id, { kind: "ban" });
  return scene;
}
