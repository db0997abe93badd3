import { limits } from "../limits.ts";

/**
 * What a client must know beside names and shapes, in Markdown. This is its only source: the OpenAPI and AsyncAPI documents, the page at
 * `/api/docs` and docs/bots.md are made from it.
 */
export type Section = {
  readonly id: string;
  readonly title: string;
  /** Which interfaces the section is about. */
  readonly of: readonly ("rest" | "socket")[];
  readonly rules: readonly string[];
};

const inSeconds = (ms: number): string => `${ms / 1_000} s`;
const inMinutes = (ms: number): string => `${ms / 60_000} minutes`;

/** @param csrfCookie the name of the cookie on the server that the text is for */
export const guide = (csrfCookie = "browser_id"): readonly Section[] => [
  {
    id: "conventions",
    title: "Conventions",
    of: ["rest"],
    rules: [
      "Times are ISO 8601 in UTC with milliseconds, ids are UUIDs, durations carry their unit in the name. Unknown fields are rejected.",
      "An error is one object (`Problem`, RFC 9457), the same over REST and in a socket's ack. A rejected request changes nothing. What the caller may not see answers 404 `not_found`, exactly like what does not exist.",
      "Lists answer `{ items, nextCursor }`. Pass `nextCursor` as `cursor` to get the next page; it is null on the last one.",
      "A known path answers an unknown method with 405 `method_not_allowed` and the header `Allow`. GET includes HEAD, and OPTIONS answers 204 with `Allow`.",
      "Every 429 and 503 has `Retry-After`, and `retryAfterMs` in its body. Both codes of a 5xx, `unavailable` and `internal`, may be tried again.",
    ],
  },
  {
    id: "tokens",
    title: "Tokens",
    of: ["rest", "socket"],
    rules: [
      `Send the access token as \`Authorization: Bearer …\` over REST, and as \`auth: { token }\` in the Socket.IO handshake. It is valid for ${inMinutes(limits.accessTokenMs)} (\`expiresInMs\`).`,
      "`POST /api/auth/refresh` exchanges the refresh cookie for a new access token. Do so before the old one expires.",
      "A socket is closed when its access token expires, with `session_ended`. Send `renew_token { token }` with a new token of the same session before that, and the socket stays open.",
      "When a guest becomes a member, send `renew_token` within 60 s.",
      "A bot's API token (`crb_…`) is used in the same places. It needs no renewal.",
    ],
  },
  {
    id: "csrf",
    title: "Requests without a Bearer token",
    of: ["rest"],
    rules: [
      `Requests that change something and show no Bearer token (sign-up, sign-in, guest, refresh, sign-out, resets) need two things of one browser: the cookie \`${csrfCookie}\` and the header \`X-CSRF-Token\`. \`GET /api/auth/csrf\` sets the cookie and answers \`{ csrfToken }\` for the header. Without them the answer is 403 \`csrf_failed\`.`,
      "The cookie is called `__Host-browser_id` in production, and `browser_id` otherwise. A program that keeps no cookies sends back what `Set-Cookie` said.",
    ],
  },
  {
    id: "commands",
    title: "Commands and acks",
    of: ["socket"],
    rules: [
      "Pass an ack function with every command, also where you do not need its answer. A command without one is not carried out, and counts as a rejected one; only typing_start and typing_stop may come without.",
      `The ack is \`{ ok: true, data }\` or \`{ ok: false, error }\` with a \`Problem\`, and comes within ${inSeconds(limits.ackMs)}. Without an ack the outcome is unknown: send the command again, \`send_message\` with the same \`clientMessageId\`.`,
      "Messages that one socket sends to one room are committed in the order of sending, whether or not the client waits for the acks. One that was rejected with `unavailable` and is sent again comes after those that were not.",
    ],
  },
  {
    id: "delivery",
    title: "Applying messages_changed",
    of: ["socket"],
    rules: [
      "Keep one number for each room: `n`, up to which you hold every change. It is `lastSeq` in the answer of `join_room` and of a complete `sync_room`, and `toSeq` of the last applied `messages_changed`. Keep the room's `epoch` with it.",
      "**Apply** a batch with `fromSeq` ≤ `n` < `toSeq`: put every message in the place of the one with the same `id`, and set `n` to `toSeq`.",
      "**Ignore** a batch with `toSeq` ≤ `n`.",
      "**Sync** when a batch has `fromSeq` > `n`: changes are missing in between. Call `sync_room { afterSeq: n }`, again while `hasMore`, from the largest `changedSeq` of the answer. Apply what arrives meanwhile afterwards, by the same rules.",
      `**Rejoin** after every reconnection, with \`join_room { afterSeq: n, epoch }\`, and whenever a batch has another \`epoch\` or \`sync_room\` answers a \`lastSeq\` below \`n\`. If \`isSnapshot\` is true in the answer (another epoch, or more than ${limits.syncMessages} changes behind), forget what you hold of the room and begin with its messages.`,
      "The epoch names one history of the database. It changes when a backup is restored: numbers of different epochs cannot be compared.",
      "An edited or deleted message gives the replies to it no new number. When its new state arrives, update `replyTo` of the replies you hold.",
      "Messages of the user's own conversations arrive without `join_room`. Own messages that wait for review arrive as `message_held`, without a number.",
    ],
  },
  {
    id: "heartbeats",
    title: "Heartbeats",
    of: ["socket"],
    rules: [
      `Send \`heartbeat\` every ${inSeconds(limits.heartbeatMs)}, and right after connecting. A device that sends none for ${inMinutes(limits.awayAfterMs)} is shown as away, and after ${inMinutes(limits.offlineAfterMs)} as offline.`,
      "Its answer has `heads`: the newest number of every joined room and of the user's conversations. Call `sync_room` for every room whose head is above your `n`. This finds changes whose event was lost.",
      `If no answer comes within ${inSeconds(limits.ackMs)}, the connection is dead: open a new one.`,
    ],
  },
  {
    id: "reconnecting",
    title: "Reconnecting",
    of: ["socket"],
    rules: [
      "Wait before every retry, of a connection or of a command, for a random time below a bound that doubles from 0.5 s to 30 s, on top of `retryAfterMs`. Clients that failed together must not come back together.",
      "`server_draining { reconnectAfterMs }`: this server is about to stop. Close the connection, and connect again after `reconnectAfterMs` to 1.5 times as long. Commands that were acknowledged are committed.",
      "`session_ended` carries a `Problem`, then the server disconnects. `token_expired` and `unauthenticated`: connect again with a new token. `resync`: the client read too slowly, connect again and rejoin. `session_revoked` and `banned`: do not connect again with this token.",
      "`connect_error`: `err.data` is the `Problem`; without one the connection could not be made.",
    ],
  },
];

const markdownOf = ({ title, rules }: Section, heading: string): string =>
  `${heading} ${title}\n\n${rules.map((rule) => `- ${rule}`).join("\n")}`;

/** The sections about one interface, as the description of its document. */
export const guideOf = (kind: "rest" | "socket", csrfCookie?: string): string =>
  guide(csrfCookie)
    .filter((section) => section.of.includes(kind))
    .map((section) => markdownOf(section, "##"))
    .join("\n\n");

/** All sections, for a page of documentation. */
export const wholeGuide = (): string =>
  guide()
    .map((section) => markdownOf(section, "###"))
    .join("\n\n");
