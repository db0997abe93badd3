import type pg from "pg";
import type { Logger } from "winston";
import type { Prisma, PrismaClient } from "../prisma/generated/client.ts";
import type { KeyedMutex } from "../utils/async/keyed-mutex.ts";
import type { Clock } from "../utils/clock.ts";
import type { Config } from "../utils/config.ts";
import type { Actor } from "./actor.ts";
import type { MailPort } from "./adapters/mail/port.ts";
import type { SmsPort } from "./adapters/sms/port.ts";
import type { Passwords } from "./auth/passwords/passwords.ts";
import type { SessionCache } from "./auth/sessions/session-cache.ts";
import type { TokenKeys } from "./auth/tokens/keys.ts";
import type { MessageHook } from "./automod/hook/message-hook.ts";
import type { Automod } from "./automod/rules/automod.ts";
import type { ConversationCache } from "./conversations/conversation-cache.ts";
import type { ConversationNotifier } from "./conversations/conversation-notifier.ts";
import type { DomainEventBus } from "./domain-events.ts";
import type { Limiter } from "./limits/limiter.ts";
import type { LoungeCache } from "./lounges/lounge-cache.ts";
import type { CatchUps } from "./messages/sync/catch-ups.ts";
import type { MessageWriter } from "./messages/writer/message-writer.ts";
import type { SendPosition } from "./messages/writer/send-order.ts";
import type { CasePublisher } from "./moderation/cases/case-publisher.ts";
import type { JoinLeaveBatcher } from "./presence/join-leave-batcher.ts";
import type { PresenceRegistry } from "./presence/presence-registry.ts";
import type { Typing } from "./presence/typing.ts";
import type { PreviewCache } from "./previews/preview-cache.ts";
import type { RaidDetector } from "./raids/raid-detector.ts";
import type { Publisher } from "./realtime/publisher.ts";
import type { RoomBroadcaster } from "./realtime/room-broadcaster.ts";
import type { JoinLoader } from "./rooms/join-loader.ts";
import type { OwnRooms } from "./rooms/own-rooms.ts";
import type { RoomCache } from "./rooms/room-cache.ts";
import type { SearchIndexer } from "./search/index/indexer.ts";
import type { Vault } from "./vault/vault.ts";

/** The operator's settings for accounts and audit records. */
export type AccountRules = Pick<
  Config,
  "signUpPhone" | "minAge" | "smsCountries" | "smsDailyBudget" | "limitsScale" | "auditRetentionDays" | "moderationHook" | "trust"
>;

/** The long-lived services of all use cases; created once, in server.ts or by a test. */
export type Services = {
  readonly db: PrismaClient;
  readonly pool: pg.Pool;
  /** Reserved connections for queries that must not wait for others: heartbeats, monitoring sessions and roles, ending sessions. */
  readonly reservedPool: pg.Pool;
  /** The address of a role that may remove expired entries of the audit log; null if only the server's own role might. */
  readonly auditUrl: string | null;
  readonly now: Clock;
  readonly keys: TokenKeys;
  readonly sessions: SessionCache;
  readonly rooms: RoomCache;
  readonly lounges: LoungeCache;
  readonly raidDetector: RaidDetector;
  /** The automatic rules for messages. */
  readonly automod: Automod;
  /** The outside classifier of messages; null if none is configured. */
  readonly messageHook: MessageHook | null;
  readonly joinLoader: JoinLoader;
  readonly ownRooms: OwnRooms;
  readonly catchUps: CatchUps;
  readonly previews: PreviewCache;
  readonly conversations: ConversationCache;
  readonly conversationNotifier: ConversationNotifier;
  readonly casePublisher: CasePublisher;
  readonly messageWriter: MessageWriter;
  /** Runs the commands of one user in sequence. */
  readonly keyedMutex: KeyedMutex;
  readonly events: DomainEventBus;
  readonly roomBroadcaster: RoomBroadcaster;
  readonly publish: Publisher;
  readonly searchIndex: SearchIndexer;
  readonly presence: PresenceRegistry;
  readonly typing: Typing;
  readonly joinLeaveBatcher: JoinLeaveBatcher;
  /** Returns the latest sequence numbers of rooms, at most a quarter second old. */
  readonly heads: (roomIds: readonly string[]) => Promise<Record<string, number>>;
  /** The epoch of the database's history. */
  readonly epoch: () => string;
  readonly limits: Limiter;
  readonly logger: Logger;
  readonly rules: AccountRules;
  readonly vault: Vault;
  readonly passwords: Passwords;
  /** Null if text messages are not configured. */
  readonly sms: SmsPort | null;
  /** Null if e-mail is not configured. */
  readonly mail: MailPort | null;
  /** The base URL of links for users. */
  readonly siteUrl: string;
};

/** The origin of a call. `address` is the peer's, or the one forwarded by a trusted proxy. */
export type Origin = {
  readonly address: string;
  readonly userAgent: string | null;
  /** The caller's languages, in the format of the `Accept-Language` header; missing if unknown. */
  readonly acceptLanguage?: string | undefined;
  /** The origin of the page as the browser sees it: scheme, host and port. Passkeys are bound to it. */
  readonly site: string;
};

/** One call: the actor, the origin, and the id that identifies its log entries. */
export type Call<Who extends Actor | null = Actor> = {
  readonly actor: Who;
  readonly requestId: string;
  readonly origin: Origin;
  /** The position of a sent message in its socket's order; null for calls without one. */
  readonly sendPosition?: SendPosition | null;
};

/** A call that does not require authentication. */
export type OpenCall = Call<Actor | null>;

/** A call with the services that a use case names: what it can reach is what its signature says. */
export type Ctx<Ports extends keyof Services = keyof Services> = Pick<Services, Ports> & Call;

/** The same for a call that does not require authentication. */
export type OpenCtx<Ports extends keyof Services = keyof Services> = Pick<Services, Ports> & OpenCall;

/** The same within a transaction, whose client is `db`. */
export type OpenTxCtx<Ports extends keyof Services> = OpenCtx<Ports> & { readonly db: Prisma.TransactionClient };
