import { z } from "zod";
import { type ErrorCode, problem } from "../errors.ts";
import { device, me, session } from "../schemas/auth.ts";
import { apiToken, bot } from "../schemas/bots.ts";
import { block, conversation, conversationMember, unread } from "../schemas/conversations.ts";
import { lounge, room } from "../schemas/lounges.ts";
import { heldMessage, liveMessage, message, tombstone } from "../schemas/messages.ts";
import { notificationPreferences } from "../schemas/notification-preferences.ts";
import { notification } from "../schemas/notifications.ts";
import { unreadRoom } from "../schemas/own-rooms.ts";
import { presence } from "../schemas/presence.ts";
import { member, roomForMe, standing } from "../schemas/rooms.ts";
import { foundMessage } from "../schemas/search.ts";
import { author, user } from "../schemas/users.ts";

/** The version of the contract. A test keeps it equal to the version in package.json. */
export const contractVersion = "0.1.0";

/** A JSON Schema (2020-12), as plain data. */
export type JsonSchema = { [key: string]: unknown };

/** What a document needs besides the contract: the server's URL, and the HTTP status of each error code. */
export type ContractInfo = {
  version: string;
  url: string;
  statusOf: (code: ErrorCode) => number;
  /** The name of the CSRF cookie on this server. */
  csrfCookie: string;
};

/** The schemas that have a name in the documents. All others are inlined. */
const named = {
  Problem: problem,
  User: user,
  Author: author,
  Member: member,
  Presence: presence,
  Session: session,
  Me: me,
  Device: device,
  Bot: bot,
  ApiToken: apiToken,
  Lounge: lounge,
  Room: room,
  RoomForMe: roomForMe,
  Standing: standing,
  Message: message,
  LiveMessage: liveMessage,
  HeldMessage: heldMessage,
  Tombstone: tombstone,
  Conversation: conversation,
  ConversationMember: conversationMember,
  Block: block,
  Unread: unread,
  UnreadRoom: unreadRoom,
  FoundMessage: foundMessage,
  Notification: notification,
  NotificationPreferences: notificationPreferences,
} satisfies Record<string, z.ZodType>;

for (const [name, schema] of Object.entries(named)) z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id: name });

const HOME = "#/components/schemas/";

/**
 * Whether a keyword is noise for a reader: the pattern next to a format, the bounds of safe integers, and `additionalProperties: false` in
 * responses, which may get further members.
 */
function isNoise(key: string, inner: unknown, owner: JsonSchema, io: "input" | "output"): boolean {
  if (key === "$schema" || (key === "pattern" && "format" in owner)) return true;
  if (key === "additionalProperties") return io === "output" && inner === false;
  return (key === "maximum" || key === "minimum") && Math.abs(Number(inner)) === Number.MAX_SAFE_INTEGER;
}

function tidy(value: unknown, io: "input" | "output"): unknown {
  if (Array.isArray(value)) return value.map((item) => tidy(item, io));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([key, inner]) => !isNoise(key, inner, value, io));
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, key === "$ref" ? String(inner).replace("#/$defs/", HOME) : tidy(inner, io)]),
  );
}

/** Describes a number in a query string as the number it is parsed to, with the default and the examples that zod omits for such inputs. */
const showNumbers: NonNullable<z.core.ToJSONSchemaParams["override"]> = ({ zodSchema, jsonSchema }) => {
  const { def } = zodSchema._zod;
  const { default: fallback, examples } = z.globalRegistry.get(zodSchema) ?? {};
  if (fallback !== undefined) jsonSchema.default = fallback as NonNullable<typeof jsonSchema.default>;
  if (Array.isArray(examples)) jsonSchema.examples = examples;
  if (def.type !== "pipe" || jsonSchema.type !== "string") return;
  const read = z.toJSONSchema(def.out, { io: "output", unrepresentable: "any" });
  if (read.type !== "integer") return;
  delete jsonSchema.pattern;
  Object.assign(jsonSchema, { type: "integer", minimum: read.minimum, maximum: read.maximum });
};

const isObject = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null && !Array.isArray(value);

/** Returns a JSON value if it is an object, else an empty object. */
export const objectOf = (value: unknown): JsonSchema => (isObject(value) ? value : {});

/**
 * Returns the JSON Schema of a contract schema: `input` is what a caller sends, `output` what they receive. Named schemas appear as
 * references to `components.schemas`.
 */
export function jsonSchemaOf(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  const { $defs: _, ...root } = z.toJSONSchema(schema, { io, override: showNumbers });
  return objectOf(tidy(root, io));
}

function readNamedSchemas(): Record<string, JsonSchema> {
  const all: Record<string, JsonSchema> = {};
  for (const schema of Object.values(named)) {
    const { $defs = {} } = z.toJSONSchema(z.object({ schema }), { io: "output", override: showNumbers });
    for (const [name, found] of Object.entries($defs)) {
      const { id: _, ...rest } = objectOf(tidy(found, "output"));
      all[name] = rest;
    }
  }
  return Object.fromEntries(Object.keys(named).map((name) => [name, all[name] ?? {}]));
}

let cache: Readonly<Record<string, JsonSchema>> | undefined;

/** Returns all named schemas. */
export function namedSchemas(): Readonly<Record<string, JsonSchema>> {
  cache ??= readNamedSchemas();
  return cache;
}

function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  return Object.entries(objectOf(value)).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" && inner.startsWith(HOME) ? [inner.slice(HOME.length)] : namesIn(inner),
  );
}

/** Returns the named schemas that a part of a document refers to, directly or indirectly, for `components.schemas`. */
export function usedSchemas(part: JsonSchema): Record<string, JsonSchema> {
  const all = namedSchemas();
  const used = new Set<string>();
  let found = namesIn(part);
  while (found.length > 0) {
    const fresh = [...new Set(found)].filter((name) => !used.has(name));
    for (const name of fresh) used.add(name);
    found = fresh.flatMap((name) => namesIn(all[name]));
  }
  return Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)));
}
