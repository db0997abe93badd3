import { limits } from "../limits.ts";

/**
 * The rules that a client must follow in addition to names and schemas, in Markdown. This is the single source: the OpenAPI and AsyncAPI
 * documents, the page at `/api/docs` and docs/bots.md are generated from it.
 */
export type Section = {
  readonly id: string;
  readonly title: string;
  /** The interfaces that the section applies to. */
  readonly of: readonly ("rest" | "socket")[];
  readonly rules: readonly string[];
};

const inSeconds = (ms: number): string => `${ms / 1_000} s`;
const inMinutes = (ms: number): string => `${ms / 60_000} minutes`;

/**
 * Returns the sections of the guide.
 * @param csrfCookie the name of the CSRF cookie on the server that the text is for
 */
export const guide = (csrfCookie = "browser_id"): readonly Section[] => [
  {
    id: "conventions",
    title: "Conventions",
    of: ["rest"],
    rules: [
      "Times are in ISO 8601 format, UTC, with milliseconds. Ids are UUIDs. Durations have their unit in the name. Unknown fields are rejected.",
      "An error is a `Problem` object (RFC 9457), in REST responses and in socket acks. A rejected request changes nothing. Requests for resources that the caller may not see return 404 `not_found`, exactly like requests for resources that do not exist.",
      "Lists return `{ items, nextCursor }`. Pass `nextCursor` as `cursor` to get the next page. It is null on the last page.",
      "Calling an existing path with an unsupported method returns 405 `method_not_allowed` with an `Allow` header. GET includes HEAD. OPTIONS returns 204 with `Allow`.",
      "Every 429 and 503 has a `Retry-After` header, and `retryAfterMs` in its body. Both 5xx codes, `unavailable` and `internal`, may be retried.",
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
      "After a guest is upgraded to a member, send `renew_token` within 60 s.",
      "Use a bot's API token (`crb_…`) in the same places. It does not need to be renewed.",
    ],
  },
  {
    id: "csrf",
    title: "Requests without a Bearer token",
    of: ["rest"],
    rules: [
      `Requests that change something and send no Bearer token (sign-up, sign-in, guest, refresh, sign-out, resets) require two things from the same browser: the cookie \`${csrfCookie}\` and the header \`X-CSRF-Token\`. \`GET /api/auth/csrf\` sets the cookie and returns \`{ csrfToken }\` for the header. Without them, the request fails with 403 \`csrf_failed\`.`,
      "The cookie is named `__Host-browser_id` in production, and `browser_id` otherwise. A program without a cookie store must send back the value of `Set-Cookie`.",
    ],
  },
  {
    id: "commands",
    title: "Commands and acks",
    of: ["socket"],
    rules: [
      "Pass an ack function with every command, even if you do not need the result. A command without one is not executed and counts as a rejected command. Only typing_start and typing_stop may be sent without an ack function.",
      `The ack is \`{ ok: true, data }\` or \`{ ok: false, error }\` with a \`Problem\`, and is sent within ${inSeconds(limits.ackMs)}. Without an ack, the outcome is unknown: send the command again. Send \`send_message\` again with the same \`clientMessageId\`.`,
      "Messages that one socket sends to one room are committed in the order in which they were sent, whether or not the client waits for the acks. A message that was rejected with `unavailable` and sent again is committed after those that were not rejected.",
    ],
  },
  {
    id: "delivery",
    title: "Applying messages_changed",
    of: ["socket"],
    rules: [
      "Keep one number per room: `n`, up to which you have every change. It is `lastSeq` in the ack of `join_room` and of a complete `sync_room`, and `toSeq` of the last applied `messages_changed`. Store the room's `epoch` with it.",
      "**Apply** a batch with `fromSeq` ≤ `n` < `toSeq`: let every message replace the one with the same `id`, and set `n` to `toSeq`.",
      "**Ignore** a batch with `toSeq` ≤ `n`.",
      "**Sync** when a batch has `fromSeq` > `n`, because changes in between are missing. Call `sync_room { afterSeq: n }`, and while `hasMore` is true, call it again from the largest `changedSeq` of the response. Apply batches that arrive in the meantime afterwards, by the same rules.",
      `**Rejoin** with \`join_room { afterSeq: n, epoch }\` after every reconnection, and whenever a batch has a different \`epoch\` or \`sync_room\` returns a \`lastSeq\` below \`n\`. If the response has \`isSnapshot: true\` (a different epoch, or more than ${limits.syncMessages} changes behind), discard your copy of the room and start with the messages of the response.`,
      "The epoch identifies one history of the database. It changes when a backup is restored. Numbers of different epochs cannot be compared.",
      "Editing or deleting a message does not give its replies a new number. When the new state of the message arrives, update `replyTo` in the replies that you have.",
      "Messages of the user's conversations arrive without `join_room`. The user's own messages that are held for review arrive as `message_held`, without a number.",
    ],
  },
  {
    id: "heartbeats",
    title: "Heartbeats",
    of: ["socket"],
    rules: [
      `Send \`heartbeat\` every ${inSeconds(limits.heartbeatMs)}, and immediately after connecting. A device that stops sending heartbeats is shown as away after ${inMinutes(limits.awayAfterMs)} and as offline after ${inMinutes(limits.offlineAfterMs)}.`,
      "The ack contains `heads`: the newest number of every joined room and of the user's conversations. Call `sync_room` for every room whose head is above your `n`. This recovers changes whose event was lost.",
      `If no ack arrives within ${inSeconds(limits.ackMs)}, the connection is dead. Open a new one.`,
    ],
  },
  {
    id: "reconnecting",
    title: "Reconnecting",
    of: ["socket"],
    rules: [
      "Before every retry of a connection or a command, wait for a random time below a bound that doubles from 0.5 s to 30 s, in addition to `retryAfterMs`. This keeps clients that failed at the same time from retrying at the same time.",
      "`server_draining { reconnectAfterMs }`: the server is shutting down. Close the connection, and reconnect after 1 to 1.5 times `reconnectAfterMs`. Acknowledged commands are committed.",
      "`session_ended` contains a `Problem`; the server then disconnects. `token_expired` and `unauthenticated`: reconnect with a new token. `resync`: the client read too slowly; reconnect and rejoin. `session_revoked` and `banned`: do not reconnect with this token.",
      "`connect_error`: `err.data` is the `Problem`. If it is missing, the connection could not be established.",
    ],
  },
];

const markdownOf = ({ title, rules }: Section, heading: string): string =>
  `${heading} ${title}\n\n${rules.map((rule) => `- ${rule}`).join("\n")}`;

/** Returns the sections about one interface, used as the description of its document. */
export const guideOf = (kind: "rest" | "socket", csrfCookie?: string): string =>
  guide(csrfCookie)
    .filter((section) => section.of.includes(kind))
    .map((section) => markdownOf(section, "##"))
    .join("\n\n");

/** Returns all sections, for a documentation page. */
export const wholeGuide = (): string =>
  guide()
    .map((section) => markdownOf(section, "###"))
    .join("\n\n");
