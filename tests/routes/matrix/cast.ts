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

/** All kinds of callers. `other` requests resources that belong to another user; all the rest request their own. */
export const cast = ["nobody", "guest", "member", "other", "moderator", "admin", "banned"] as const;
export type Who = (typeof cast)[number];

export const PASSWORD = "a long walk by the canal";

/** The caller and the resources that the endpoints operate on. */
export type Scene = {
  readonly caller: Person | null;
  readonly owner: Person;
  /** A second session of the owner. */
  readonly sessionId: string;
  readonly passkeyId: string;
  readonly exportId: string;
  readonly loungeId: string;
  readonly roomId: string;
  /** A recent message of the owner. */
  readonly messageId: string;
  /** A group of the owner, and another member of it. */
  readonly conversationId: string;
  readonly companion: Person;
  readonly botId: string;
  readonly tokenId: string;
  /** An uninvolved member. */
  readonly stranger: Person;
};

async function makePerson({ services }: App, who: Exclude<Who, "nobody">): Promise<Person> {
  if (who === "guest") return makeGuest(services);
  const isStaff = who === "moderator" || who === "admin";
  const person = await makeMember(services, isStaff ? { role: who } : {});
  await services.db.credential.create({ data: { userId: person.id, passwordHash: await services.passwords.hash(PASSWORD) } });
  // Mark the session as recently authenticated, so that only the permissions decide, not the age of the sign-in.
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

/** Creates a new scene, so that no endpoint is affected by the previous case. */
export async function setScene(app: App, who: Who): Promise<Scene> {
  const caller = who === "nobody" ? null : await makePerson(app, who);
  const owner = caller === null || who === "other" ? await makePerson(app, "member") : caller;
  const scene = { caller, owner, stranger: await makePerson(app, "member"), ...(await makeThings(app, owner)) };
  if (who === "banned") await issueSanction(app.services, owner.id, { kind: "ban" });
  return scene;
}
