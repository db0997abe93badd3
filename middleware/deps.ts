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
      /** Set by `identify`; null for unauthenticated requests. */
      actor: Actor | null;
    }
  }
}

/** Dependencies of the REST and socket endpoints; created once, in server.ts or by a test. */
export type Deps = {
  readonly config: Config;
  readonly services: Services;
  readonly metrics: Metrics;
  /** Receives outgoing e-mails and text messages in development; null in production. */
  readonly outbox: Outbox | null;
  /** Folder of the built page; absent when only the API is served. */
  readonly pageDir?: string;
  /** Socket commands in progress: a stopping node finishes them. */
  readonly inFlight: Set<Promise<void>>;
  /** Aborted when the node starts to stop: from then on it rejects new requests. */
  readonly stopping: AbortSignal;
  /** Returns the checks that determine `/health/ready`, by name. */
  readonly healthChecks: () => Promise<HealthChecks>;
};

/**
 * Returns the password functions of one call. Their time does not count against the deadline, because many simultaneous sign-ins wait in a
 * queue.
 */
const withoutDeadline = ({ hash, matches, ...others }: Passwords, req: Request): Passwords => ({
  ...others,
  hash: (password) => pauseDeadline(req, () => hash(password)),
  matches: (password, known) => pauseDeadline(req, () => matches(password, known)),
});

/** Creates the context of one REST call. */
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
