import { hasTokenInQuery } from "../../middleware/authenticate.ts";
import type { Deps } from "../../middleware/deps.ts";
import { problemOf, reporterOf, toProblem } from "../../middleware/errors.ts";
import { RESPONSE_TIMEOUT_MS } from "../../middleware/request-deadline.ts";
import { actorOfToken } from "../../services/auth/tokens/actor-of-token.ts";
import { authorize } from "../../services/authorize.ts";
import { subscriberOf } from "../../services/limits/addresses.ts";
import { sessionChannel, userChannel } from "../../services/realtime/channels.ts";
import type { ChatServer, ChatSocket } from "../../services/realtime/io.ts";
import { mayAct } from "../../services/sanctions/policy.ts";
import { presentAuthor } from "../../services/users/present.ts";
import { withTimeout } from "../../utils/async/with-timeout.ts";
import { caps } from "../../utils/contract/limits.ts";
import { AppError } from "../../utils/errors.ts";
import { newId } from "../../utils/ids.ts";
import { addressOf } from "../traffic.ts";

function tokenOf(socket: ChatSocket): string {
  const { auth, query } = socket.handshake;
  if (hasTokenInQuery(query)) throw new AppError("unauthenticated");
  if (typeof auth?.token !== "string") throw new AppError("unauthenticated");
  return auth.token;
}

const count = (io: ChatServer, channel: string): number => io.of("/").adapter.rooms.get(channel)?.size ?? 0;

const addressChannel = (address: string): string => `address:${subscriberOf(address)}`;

function checkCaps(io: ChatServer, deps: Deps, who: { userId: string; address: string }): void {
  const { limitsScale } = deps.config;
  const isFull =
    count(io, userChannel(who.userId)) >= caps.socketsPerUser * limitsScale ||
    count(io, addressChannel(who.address)) >= caps.socketsPerAddress * limitsScale;
  if (isFull) throw new AppError("too_many_connections", { retryAfterMs: 10_000 });
}

async function admit(io: ChatServer, deps: Deps, socket: ChatSocket): Promise<void> {
  const { services } = deps;
  const address = addressOf(deps.config, socket.request);
  await services.limits.consume("handshakes", address);
  const { actor, token } = await actorOfToken(services, tokenOf(socket));
  authorize(mayAct(actor));
  checkCaps(io, deps, { userId: actor.id, address });
  socket.data = {
    author: presentAuthor(actor),
    isInvisible: actor.isInvisible,
    sessionId: actor.sessionId,
    address,
    userAgent: socket.handshake.headers["user-agent"]?.slice(0, 300) ?? null,
    acceptLanguage: socket.handshake.headers["accept-language"],
    tokenExpiresAt: token.expiresAt.getTime(),
    tokenKind: token.kind,
    rejections: 0,
    sendOrder: null,
  };
  await socket.join([sessionChannel(actor.sessionId), userChannel(actor.id), addressChannel(address)]);
}

/** Accepts sockets with a valid access token; an error is sent as `connect_error` with the problem in `err.data`. */
export function handshake(io: ChatServer, deps: Deps): void {
  io.use((socket, next) => {
    withTimeout(RESPONSE_TIMEOUT_MS, () => admit(io, deps, socket)).then(
      () => next(),
      (error: unknown) => {
        const caller = { requestId: newId(), acceptLanguage: socket.handshake.headers["accept-language"] };
        next(Object.assign(new Error("refused"), { data: toProblem(error, caller, reporterOf(deps)) }));
      },
    );
  });
}

/** Builds a problem object in the language of a connected socket. */
export const localizedProblem = (code: Parameters<typeof problemOf>[0], socket: ChatSocket, data: Parameters<typeof problemOf>[1] = {}) =>
  problemOf(code, data, { requestId: newId(), acceptLanguage: socket.data.acceptLanguage });
