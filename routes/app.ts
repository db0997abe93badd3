import { createServer, type Server } from "node:http";
import compression from "compression";
import cookieParser from "cookie-parser";
import express, { type Express } from "express";
import { identify } from "../middleware/authenticate.ts";
import { jsonBody } from "../middleware/body.ts";
import { csrf } from "../middleware/csrf.ts";
import type { Deps } from "../middleware/deps.ts";
import { errors, notFound } from "../middleware/errors.ts";
import { requestLog } from "../middleware/request-log.ts";
import { cors, noStore, securityHeaders } from "../middleware/security.ts";
import type { ChatServer } from "../services/realtime/io.ts";
import { allowedMethods } from "./allowed-methods.ts";
import { apiDocs } from "./api-docs.ts";
import { limitConnections } from "./connections.ts";
import { dev } from "./dev.ts";
import { health } from "./health.ts";
import { page } from "./page.ts";
import { installRequestGate, type RequestGate } from "./request-gate.ts";
import { accounts } from "./rest/accounts.ts";
import { admin } from "./rest/admin.ts";
import { auth } from "./rest/auth.ts";
import { bots } from "./rest/bots.ts";
import { chatroom } from "./rest/chatroom.ts";
import { contacts } from "./rest/contacts.ts";
import { conversations } from "./rest/conversations.ts";
import { factors } from "./rest/factors.ts";
import { messages } from "./rest/messages.ts";
import { moderation } from "./rest/moderation.ts";
import { notifications } from "./rest/notifications.ts";
import { ownRooms } from "./rest/own-rooms.ts";
import { presence } from "./rest/presence.ts";
import { downloads, users } from "./rest/users.ts";
import { attachSockets } from "./socket/index.ts";
import type { Traffic } from "./traffic.ts";

/** Returns every router of `/api`, so that a test can compare them with the contract. */
export const apiRouters = (deps: Deps) => [
  auth(deps),
  accounts(deps),
  contacts(deps),
  factors(deps),
  // Before the user routes, because they would treat "me" as a user id.
  conversations(deps),
  ownRooms(deps),
  users(deps),
  admin(deps),
  bots(deps),
  chatroom(deps),
  messages(deps),
  notifications(deps),
  moderation(deps),
  presence(deps),
];

/** Creates the Express app: headers, authentication, body parsing, the routes, and one error handler. */
export function createExpress(deps: Deps): Express {
  const app = express();
  app.set("trust proxy", deps.config.trustedProxies);
  app.set("query parser", "simple");
  app.disable("x-powered-by");
  app.disable("etag");
  const probes = health(deps);
  const docs = apiDocs(deps);
  const api = [...apiRouters(deps), downloads(deps), dev(deps)];
  const pages = deps.pageDir === undefined ? [] : [page(deps.pageDir)];
  app.use(requestLog(deps.services.logger, deps.metrics), securityHeaders(deps.config));
  app.use("/api", cors(deps.config), noStore);
  app.use(allowedMethods([probes, docs, ...api, ...pages]), probes, compression(), docs);
  app.use("/api", cookieParser(), identify(deps), csrf(deps), jsonBody);
  app.use(...api);
  app.use("/api", notFound);
  app.use(...pages, notFound, errors(deps));
  return app;
}

/**
 * How long a client may take to send the head of a request, including idle time before it, and the whole request. Node checks for expired
 * connections once per interval, which adds up to one interval to both.
 */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 1_000 };

/** Combines REST and sockets on one HTTP server. It does not listen: tests start it on port 0. */
export function createApp(deps: Deps, io: ChatServer, traffic: Traffic): { http: Server; gate: RequestGate } {
  const http = createServer({ ...TIMEOUTS, maxHeaderSize: 16_384 }, createExpress(deps));
  attachSockets(http, io, deps, traffic);
  const gate = installRequestGate(http, deps, traffic);
  limitConnections(http, deps.config, traffic);
  return { http, gate };
}
