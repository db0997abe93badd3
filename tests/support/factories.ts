import type pg from "pg";
import type { PrismaClient } from "../../prisma/generated/client.ts";
import type { Actor } from "../../services/actor.ts";
import { issueAccessToken } from "../../services/auth/tokens/access-token.ts";
import type { Services } from "../../services/context.ts";
import type { Draft } from "../../services/messages/writer/draft.ts";
import { skeletonOf } from "../../services/users/names/confusables.ts";
import { presentAuthor } from "../../services/users/present.ts";
import type { SendMessageInput } from "../../utils/contract/schemas/messages.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import { newId } from "../../utils/ids.ts";

type Database = { readonly db: PrismaClient };
type Issuer = Database & Pick<Services, "keys" | "now">;

/** A user with a session and an access token. */
export type Person = {
  readonly id: string;
  readonly sessionId: string;
  readonly actor: Actor;
  readonly author: AuthorDto;
  readonly token: string;
};

type PersonOptions = {
  readonly displayName?: string;
  /** The username of a member; a unique one by default. */
  readonly username?: string;
  /** Whether the session has just proved the user's identity, which sensitive endpoints require. */
  readonly isProven?: boolean;
  readonly kind?: Actor["kind"];
  readonly role?: Actor["role"];
  readonly sessionMs?: number;
};

const DAY_MS = 86_400_000;
let count = 0;

async function makePerson(
  { db, keys, now }: Issuer,
  options: PersonOptions & { kind: Actor["kind"]; role: Actor["role"] },
): Promise<Person> {
  count += 1;
  const { kind, role, displayName = `Person ${count}`, sessionMs = DAY_MS } = options;
  const id = newId();
  const sessionId = newId();
  const moment = now();
  const expiresAt = new Date(moment.getTime() + sessionMs);
  const username = kind === "guest" ? null : (options.username ?? `person_${id.slice(-12)}`);
  const provenAt = options.isProven === true ? moment : null;
  const session = { id: sessionId, expiresAt, createdAt: moment, lastUsedAt: moment, provenAt };
  const user = await db.user.create({
    data: {
      id,
      kind,
      role,
      username,
      usernameSkeleton: username === null ? null : skeletonOf(username),
      displayName,
      nameSkeleton: skeletonOf(displayName),
      languages: [],
      createdAt: moment,
      lastSeenAt: moment,
      sessions: { create: session },
    },
  });
  const trustLevel = kind === "guest" ? kind : user.trustLevel;
  const standing = { trustLevel, hasVerifiedPhone: false, provenAt, ban: null, mute: null, restrictions: [], moderates: [] };
  const actor: Actor = { ...user, ...standing, sessionId, sessionExpiresAt: expiresAt };
  return { id, sessionId, actor, author: presentAuthor(actor), token: issueAccessToken(keys, { sub: id, sid: sessionId, kind }, moment) };
}

/** Inserts a guest directly into the database, which bypasses the rate limits of the endpoint. */
export const makeGuest = (services: Issuer, options: PersonOptions = {}): Promise<Person> =>
  makePerson(services, { ...options, kind: "guest", role: "guest" });

/** Inserts a registered user; `role` makes them staff. */
export const makeMember = (services: Issuer, options: PersonOptions = {}): Promise<Person> =>
  makePerson(services, { ...options, kind: options.kind ?? "member", role: options.role ?? "member" });

/** Creates another session of a user, as for a second device. */
export async function makeSession({ db, keys, now }: Issuer, { actor }: Person): Promise<Person> {
  const moment = now();
  const expiresAt = new Date(moment.getTime() + DAY_MS);
  const { id: sessionId } = await db.session.create({ data: { id: newId(), userId: actor.id, expiresAt, createdAt: moment } });
  const token = issueAccessToken(keys, { sub: actor.id, sid: sessionId, kind: actor.kind }, moment);
  return { id: actor.id, sessionId, actor: { ...actor, sessionId, sessionExpiresAt: expiresAt }, author: presentAuthor(actor), token };
}

type SanctionOptions = { readonly kind: "ban" | "mute"; readonly until?: Date | null; readonly rule?: string };

/** Bans or mutes a user on the whole site, permanently by default. @returns the sanction's id */
export async function issueSanction(
  { db }: Database,
  userId: string,
  { kind, until = null, rule = "be kind" }: SanctionOptions,
): Promise<string> {
  const data = { id: newId(), userId, kind: kind === "ban" ? "ban_site" : "mute", scopeKind: "site", expiresAt: until, rule } as const;
  return (await db.moderationAction.create({ data })).id;
}

/** Lifts a sanction. */
export const liftSanction = ({ db, now }: Issuer, id: string) => db.moderationAction.update({ where: { id }, data: { revertedAt: now() } });

type LoungeOptions = {
  readonly accessLevel?: "open" | "registered" | "phone_verified" | "age_verified" | "private";
  readonly isActive?: boolean;
  readonly maxCapacity?: number;
};

/** Creates a lounge without rooms, open to all by default. */
export async function makeLounge({ db }: Database, options: LoungeOptions = {}): Promise<string> {
  const id = newId();
  await db.lounge.create({
    data: { id, slug: `lounge-${id.slice(-12)}`, name: "A lounge", description: "For a test.", iconColor: "#336699", ...options },
  });
  return id;
}

type RoomOptions = LoungeOptions & { readonly loungeId?: string; readonly languageCode?: string };

/** Creates a language room, in a lounge of its own by default. */
export async function makeRoom(database: Database, { loungeId, languageCode = "en", ...lounge }: RoomOptions = {}): Promise<string> {
  const home = loungeId ?? (await makeLounge(database, lounge));
  const { id } = await database.db.room.create({ data: { id: newId(), kind: "language", loungeId: home, languageCode, name: "A room" } });
  return id;
}

/** Creates a group conversation of the given people. */
export async function makeConversation(
  { db }: Database,
  people: readonly Person[],
  { ownerId }: { readonly ownerId?: string } = {},
): Promise<string> {
  const members = { create: people.map(({ id }) => ({ userId: id })) };
  const { id } = await db.room.create({ data: { id: newId(), kind: "group", name: "A conversation", ownerId: ownerId ?? null, members } });
  return id;
}

/** Returns the input of a message with a unique text and a unique idempotency key. */
export function textFor(roomId: string, over: Partial<SendMessageInput> = {}): SendMessageInput {
  const clientMessageId = newId();
  return { roomId, clientMessageId, text: `text ${clientMessageId}`, ...over };
}

/** Returns a message that has no number yet, for tests of the message writer. */
export const draftFor = (roomId: string, { author }: Pick<Person, "author">, over: Partial<Draft> = {}): Draft => ({
  id: newId(),
  roomId,
  author,
  clientMessageId: newId(),
  text: `text ${newId()}`,
  languageCode: "en",
  language: null,
  replyTo: null,
  mentions: [],
  notifications: [],
  conversation: null,
  ...over,
});

/** A message row of a room, in the order of its sequence number. */
export type StoredMessage = {
  id: string;
  seq: number;
  changed_seq: number;
  author_id: string;
  client_message_id: string;
  text: string;
  deleted_at: Date | null;
};

export async function storedMessages(pool: pg.Pool, roomId: string): Promise<StoredMessage[]> {
  const text = "SELECT id, seq, changed_seq, author_id, client_message_id, text, deleted_at FROM messages WHERE room_id = $1 ORDER BY seq";
  return (await pool.query<StoredMessage>(text, [roomId])).rows;
}

/** Returns the counter of a room. */
export async function lastSeqOf(pool: pg.Pool, roomId: string): Promise<number> {
  const { rows } = await pool.query<{ last_seq: number }>("SELECT last_seq FROM rooms WHERE id = $1", [roomId]);
  return rows[0]?.last_seq ?? -1;
}
