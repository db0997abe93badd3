import type { Request } from "express";
import type { Actor } from "../services/actor.ts";
import type { Outbox } from "../services/adapters/dev-message-sink.ts";
import type { Passwords } from "../services/auth/passwords/passwords.ts";
import type { OpenCtx, Services } from "../services/context.ts";
import type { HealthChecks } from "../services/readiness.ts";
import type { Config } from "../utils/config.ts";
import type { Metrics } from "../utils/metrics.ts";
import { siteOf } from "../utils/origin.ts";
import { pauseDeadline } from "./request-deadline.ts";

declare global {
  namespace Express {
    interface Request {
      requestId: string;
      /** Set by `identify`; null for somebody who did not say who they are. */
      actor: Actor | null;
    }
  }
}

/** What the entrances stand on; made once, in server.ts or by a test. */
export type Deps = {
  readonly config: Config;
  readonly services: Services;
  readonly metrics: Metrics;
  /** Where messages to people go in development; null in production. */
  readonly outbox: Outbox | null;
  /** The built page; absent where only programs are served. */
  readonly pageDir?: string;
  /** The sockets' commands that are being done: a node that stops finishes them. */
  readonly inFlight: Set<Promise<void>>;
  /** Aborted once the node stops: from then on it rejects new requests. */
  readonly stopping: AbortSignal;
  /** Returns the parts that decide about `/health/ready`, by name. */
  readonly healthChecks: () => Promise<HealthChecks>;
};

/** The passwords of one call: many people who sign in at once wait in a queue, for longer than anything else may take. */
const withoutDeadline = ({ hash, matches, ...others }: Passwords, req: Request): Passwords => ({
  ...others,
  hash: (password) => pauseDeadline(req, () => hash(password)),
  matches: (password, known) => pauseDeadline(req, () => matches(password, known)),
});

/** The context of one REST call. */
export const contextOf = (deps: Deps, req: Request): OpenCtx => ({
  ...deps.services,
  passwords: withoutDeadline(deps.services.passwords, req),
  actor: req.actor,
  requestId: req.requestId,
  origin: {
    address: req.ip ?? "unknown",
    userAgent: req.get("user-agent")?.slice(0, 300) ?? null,
    acceptLanguage: req.get("accept-language"),
    site: siteOf(deps.config, req.headers),
  },
});
