import { type Request, Router } from "express";
import type { Deps } from "../middleware/deps.ts";
import { isSameSecret } from "../utils/crypto.ts";
import { AppError } from "../utils/errors.ts";

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/**
 * Whether the caller may read the metrics. If a token is configured, every caller must send it. Without one, metrics are unavailable in
 * production, and elsewhere limited to this machine, without a proxy. A proxy that adds none of the usual headers is not detected, which
 * is why production requires the token.
 */
function mayReadMetrics(deps: Deps, req: Request): boolean {
  const { metrics, mode } = deps.config;
  const bearer = /^Bearer (.+)$/.exec(req.get("authorization") ?? "")?.[1];
  if (metrics) return bearer !== undefined && isSameSecret(bearer, metrics.token);
  if (mode === "production") return false;
  return LOOPBACK.test(req.socket.remoteAddress ?? "") && req.get("x-forwarded-for") === undefined && req.get("forwarded") === undefined;
}

export const health = (deps: Deps): Router =>
  Router()
    .get("/health", (_req, res) => void res.json({ status: "ok" }))
    .get("/health/ready", async (_req, res) => {
      const parts = await deps.healthChecks();
      const isReady = Object.values(parts).every((part) => part.ok);
      const isDegraded = Object.values(parts).some((part) => part.isDegraded === true);
      if (!isReady) res.set("Retry-After", "1");
      res.status(isReady ? 200 : 503).json({ status: isReady ? (isDegraded ? "degraded" : "ready") : "not_ready", parts });
    })
    .get("/metrics", async (req, res) => {
      if (!mayReadMetrics(deps, req)) throw new AppError("not_found");
      res.type(deps.metrics.registry.contentType).send(await deps.metrics.registry.metrics());
    });
