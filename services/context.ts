import type pg from "pg";
import type { Logger } from "winston";
import type { PrismaClient } from "../prisma/generated/client.ts";
import type { KeyedMutex } from "../utils/async/keyed-mutex.ts";
import type { Clock } from "../utils/clock.ts";
import type { Config } from "../utils/config.ts";
import type { Actor } from "./actor.ts";
import type { MailPort } from "./adapters/mail/port.ts";
import type { SmsPort } from "./adapters/sms/port.ts";
import type { Passwords } from "./auth/passwords/passwords.ts";
import type { SessionCache } from "./auth/sessions/session-cache.ts";
import type { TokenKeys } from "./auth/tokens/keys.ts";
import type { ConversationCache } from "./conversations/conversation-cache.ts";
import type { ConversationNotifier } from "./conversations/conversation-notifier.ts";
import type { DomainEventBus } from "./domain-events.ts";
import type { Limiter } from "./limits/limiter.ts";
import type { LoungeCache } from "./lounges/lounge-cache.ts";
import type { CatchUps } from "./messages/sync/catch-ups.ts";
import type { MessageWriter } from "./messages/writer/message-writer.ts";
import type { SendTurn } from "./messages/writer/send-order.ts";
import type { JoinLeaveBatcher } from "./presence/join-leave-batcher.ts";
import type { PresenceRegistry } from "./presence/presence-registry.ts";
import type { Typing } from "./presence/typing.ts";
import type { PreviewCache } from "./previews/preview-cache.ts";
import type { Publisher } from "./realtime/publisher.ts";
import type { RoomBroadcaster } from "./realtime/room-broadcaster.ts";
import type { JoinLoader } from "./rooms/join-loader.ts";
import type { OwnRooms } from "./rooms/own-rooms.ts";
import type { RoomCache } from "./rooms/room-cache.ts";
import type { SearchIndexer } from "./search/index/indexer.ts";
import type { Vault } from "./vault/vault.ts";

/** What the operator chose about accounts and the records of them. */
export type AccountRules = Pick<
  Config,
  "signUpPhone" | "minAge" | "smsCountries" | "smsDailyBudget" | "limitsScale" | "auditRetentionDays"
>;

/** The long-lived parts every use case may need; made once, in server.ts or by a test. */
export type Services = {
  readonly db: PrismaClient;
  readonly pool: pg.Pool;
  /** A few connections for what must not wait behind everything else: heartbeats, the watch over sessions and roles, ending sessions. */
  readonly reservedPool: pg.Pool;
  readonly now: Clock;
  readonly keys: TokenKeys;
  readonly sessions: SessionCache;
  readonly rooms: RoomCache;
  readonly lounges: LoungeCache;
  readonly joinLoader: JoinLoader;
  readonly ownRooms: OwnRooms;
  readonly catchUps: CatchUps;
  readonly previews: PreviewCache;
  readonly conversations: ConversationCache;
  readonly conversationNotifier: ConversationNotifier;
  readonly messageWriter: MessageWriter;
  /** What one person's commands do one after the other. */
  readonly keyedMutex: KeyedMutex;
  readonly events: DomainEventBus;
  readonly roomBroadcaster: RoomBroadcaster;
  readonly publish: Publisher;
  readonly searchIndex: SearchIndexer;
  readonly presence: PresenceRegistry;
  readonly typing: Typing;
  readonly joinLeaveBatcher: JoinLeaveBatcher;
  /** The newest numbers of some rooms, as they were at most a quarter second ago. */
  readonly heads: (roomIds: readonly string[]) => Promise<Record<string, number>>;
  /** The epoch of the database's history. */
  readonly epoch: () => string;
  readonly limits: Limiter;
  readonly logger: Logger;
  readonly rules: AccountRules;
  readonly vault: Vault;
  readonly passwords: Passwords;
  /** Null where nothing sends text messages. */
  readonly sms: SmsPort | null;
  /** Null where nothing sends mail. */
  readonly mail: MailPort | null;
  /** The address people see in links. */
  readonly siteUrl: string;
};

/** Where a call comes from. `address` is the peer's, or what a trusted proxy says. */
export type Origin = {
  readonly address: string;
  readonly userAgent: string | null;
  /** What the caller reads, in the form of the header of that name; missing where nobody said. */
  readonly acceptLanguage?: string | undefined;
  /** The address of the page, as the browser sees it: scheme, host and port. Passkeys are made for it and for no other. */
  readonly site: string;
};

/** One call: the services, who asks, from where, and the id that finds its log lines. */
export type Ctx<Who extends Actor | null = Actor> = Services & {
  readonly actor: Who;
  readonly requestId: string;
  readonly origin: Origin;
  /** The place of a sent message in its socket's order; null for calls that have none. */
  readonly sendTurn?: SendTurn | null;
};

/** A call that anyone may make, signed in or not. */
export type OpenCtx = Ctx<Actor | null>;
