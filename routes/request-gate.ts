import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Deps } from "../middleware/deps.ts";
import { problemOf } from "../middleware/errors.ts";
import { securityHeaders } from "../middleware/security.ts";
import { createWindowCounter } from "../utils/async/window-counter.ts";
import { caps, requestsOfAddress } from "../utils/contract/limits.ts";
import { newId } from "../utils/ids.ts";
import { createFairScheduler } from "./fair-scheduler.ts";
import type { Traffic } from "./traffic.ts";

/** How long a client may continue to send a body after its request was answered. The data is discarded. */
const UNREAD_BODY_MS = 2_000;

const RETRY_MS = 1_000;

/**
 * How long the requests of one address may occupy one iteration of the event loop. Otherwise, requests that arrive simultaneously on many
 * connections would be handled in a single iteration, which blocks everyone else; and Node accepts one connection per iteration.
 */
const SLICE_MS = 4;

type Rejection = { readonly code: "unavailable" | "rate_limited"; readonly retryAfterMs: number };

/** The gate of the HTTP server, before Express and Socket.IO. */
export type RequestGate = {
  /**
   * Rejects new requests with 503 from now on, and closes each connection after its next response. Polling requests of open sockets pass,
   * because their last acknowledgements are sent in them.
   */
  drain(): void;
  /** Resolves once every accepted request is answered. Polling requests do not count: they end with their socket. */
  answered(): Promise<void>;
};

const isSocketIo = (request: IncomingMessage): boolean => request.url?.startsWith("/socket.io/") === true;

/**
 * Whether this is a health check. Rejecting it costs as much as answering, and the monitoring system may share the address of an attacker.
 */
const isHealthCheck = (request: IncomingMessage): boolean => request.url === "/health";

/** Whether this is a polling request of an open socket. */
const isOfOpenSocket = (request: IncomingMessage): boolean => isSocketIo(request) && /[?&]sid=/.test(request.url ?? "");

/** Destroys the connection of a request that was answered while its body still arrives, unless the body ends soon. */
function limitUnreadBody(request: IncomingMessage): void {
  if (request.complete) return;
  setTimeout(() => {
    if (!request.complete) request.socket.destroy();
  }, UNREAD_BODY_MS).unref();
}

const statusLines = { 404: "Not Found", 429: "Too Many Requests", 503: "Service Unavailable" } as const;

/** Rejects an upgrade, and ends both directions of its connection. */
function rejectUpgrade(socket: Duplex, status: keyof typeof statusLines, retryAfterMs?: number): void {
  const retryAfter = retryAfterMs === undefined ? "" : `Retry-After: ${Math.ceil(retryAfterMs / 1_000)}\r\n`;
  socket.end(`HTTP/1.1 ${status} ${statusLines[status]}\r\n${retryAfter}Connection: close\r\nContent-Length: 0\r\n\r\n`, () =>
    socket.destroy(),
  );
}

/**
 * Installs the gate before all other listeners of the server. It limits the requests per address and the pipelined requests per
 * connection, whatever their path, and tracks which requests are in progress.
 */
export function installRequestGate(http: Server, deps: Deps, traffic: Traffic): RequestGate {
  const { limitsScale } = deps.config;
  const requests = createWindowCounter(requestsOfAddress.windowMs, () => deps.services.now().getTime());
  const schedule = createFairScheduler(SLICE_MS);
  const inProgress = new Set<ServerResponse>();
  const unanswered = new WeakMap<Duplex, Set<ServerResponse>>();
  /** Connections that are closed after a rejection; requests that were already sent after the rejected one are not answered. */
  const rejected = new WeakSet<Duplex>();
  const headers = securityHeaders(deps.config);
  let isDraining = false;
  let waiting: (() => void)[] = [];

  function rejectionOf(request: IncomingMessage): Rejection | null {
    if (isDraining && !isOfOpenSocket(request)) return { code: "unavailable", retryAfterMs: RETRY_MS };
    if (isHealthCheck(request)) return null;
    const subscriber = traffic.subscriberOf(request);
    if (requests.add(subscriber) <= requestsOfAddress.points * limitsScale) return null;
    traffic.recordDisconnect(subscriber, "requests_per_address");
    return { code: "rate_limited", retryAfterMs: requests.remainingMs() };
  }

  function reject(request: IncomingMessage, response: ServerResponse, { code, retryAfterMs }: Rejection): void {
    rejected.add(request.socket);
    const requestId = newId();
    const caller = { requestId, acceptLanguage: request.headers["accept-language"], reason: "stopping" } as const;
    const problem = problemOf(code, { retryAfterMs }, caller);
    headers(request, response, () => {
      response.writeHead(problem.status, {
        "Content-Type": "application/problem+json; charset=utf-8",
        "Cache-Control": "no-store",
        "Retry-After": String(Math.ceil(retryAfterMs / 1_000)),
        "X-Request-Id": requestId,
        Connection: "close",
      });
      response.end(JSON.stringify(problem));
    });
  }

  function settle(response: ServerResponse): void {
    if (!inProgress.delete(response) || inProgress.size > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  /**
   * Returns the pending responses of a connection. Responses queued behind an unfinished one get no close event of their own, so the end
   * of the connection settles them.
   */
  function unansweredOf(socket: Duplex): Set<ServerResponse> {
    const known = unanswered.get(socket);
    if (known !== undefined) return known;
    const responses = new Set<ServerResponse>();
    unanswered.set(socket, responses);
    socket.once("close", () => {
      for (const response of responses) settle(response);
    });
    return responses;
  }

  /** @returns whether the connection may have another unanswered request; if not, it is destroyed */
  function mayPipeline(request: IncomingMessage, response: ServerResponse): boolean {
    const { socket } = request;
    if (socket.destroyed || rejected.has(socket)) return false;
    const responses = unansweredOf(socket);
    if (responses.size >= caps.pipelinedRequests * limitsScale) {
      traffic.recordDisconnect(traffic.subscriberOf(request), "pipelined_requests");
      socket.destroy();
      return false;
    }
    responses.add(response);
    response.once("close", () => {
      responses.delete(response);
      settle(response);
    });
    return true;
  }

  function track(request: IncomingMessage, response: ServerResponse): void {
    response.once("finish", () => limitUnreadBody(request));
    if (!isSocketIo(request)) inProgress.add(response);
  }

  const handlers = http.listeners("request") as ((request: IncomingMessage, response: ServerResponse) => void)[];
  http.removeAllListeners("request");
  http.on("request", (request, response) => {
    if (!mayPipeline(request, response)) return;
    const rejection = rejectionOf(request);
    if (rejection !== null) return reject(request, response, rejection);
    track(request, response);
    const handleAll = (): void => {
      if (request.socket.destroyed) return;
      for (const handle of handlers) handle.call(http, request, response);
    };
    if (isHealthCheck(request)) handleAll();
    else schedule(traffic.subscriberOf(request), handleAll);
  });

  const upgradeListeners = http.listeners("upgrade") as ((request: IncomingMessage, socket: Duplex, head: Buffer) => void)[];
  http.removeAllListeners("upgrade");
  http.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    if (isDraining) return rejectUpgrade(socket, 503, RETRY_MS);
    const rejection = rejectionOf(request);
    if (rejection !== null) return rejectUpgrade(socket, 429, rejection.retryAfterMs);
    if (!isSocketIo(request)) return rejectUpgrade(socket, 404);
    schedule(traffic.subscriberOf(request), () => {
      if (socket.destroyed) return;
      for (const upgrade of upgradeListeners) upgrade.call(http, request, socket, head);
    });
  });

  return {
    drain() {
      isDraining = true;
      for (const response of inProgress) if (!response.headersSent) response.setHeader("Connection", "close");
    },
    answered: () => (inProgress.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
