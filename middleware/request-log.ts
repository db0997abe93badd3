import type { RequestHandler } from "express";
import type { Logger } from "winston";
import { newId } from "../utils/ids.ts";
import type { Metrics } from "../utils/metrics.ts";

/**
 * Assigns every call an id, returns it as `X-Request-Id`, and logs one entry when the call ends. Only the path is logged, never the query.
 */
export function requestLog(logger: Logger, metrics: Metrics): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    req.requestId = newId();
    req.actor = null;
    res.set("X-Request-Id", req.requestId);
    const path = req.path;
    res.on("finish", () => {
      const seconds = (performance.now() - startedAt) / 1_000;
      metrics.httpSeconds.observe({ method: req.method, status: String(res.statusCode) }, seconds);
      logger.debug("request completed", {
        requestId: req.requestId,
        method: req.method,
        path,
        status: res.statusCode,
        ms: Math.round(seconds * 1_000),
      });
    });
    next();
  };
}
