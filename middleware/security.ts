import type { IncomingMessage, ServerResponse } from "node:http";
import createCors from "cors";
import type { RequestHandler } from "express";
import helmet from "helmet";
import type { Config } from "../utils/config.ts";

/** Sets the security headers of every response. The page needs no inline script or style, so the policy has no exception. */
export function securityHeaders(config: Config): (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "data:", "blob:"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: "no-referrer" },
    strictTransportSecurity: config.mode === "production" ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    xFrameOptions: { action: "deny" },
  });
}

/** Answers cross-origin requests and preflights from origins that the operator allowed; all other requests pass without a CORS header. */
export const cors = ({ corsOrigins }: Pick<Config, "corsOrigins">): RequestHandler =>
  createCors({
    // Always called with the request's origin. `false` makes the middleware add nothing and leave OPTIONS to the routes.
    origin: (origin, decide) => decide(null, origin !== undefined && corsOrigins.includes(origin)),
    methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    allowedHeaders: ["Authorization", "Content-Type", "X-CSRF-Token"],
    exposedHeaders: ["X-Request-Id", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After", "Location"],
    maxAge: 600,
  });

/** Prevents caches from storing private responses, and names the headers that a response depends on. */
export const noStore: RequestHandler = (_req, res, next) => {
  res.set("Cache-Control", "no-store");
  res.vary("Origin").vary("Authorization").vary("Cookie").vary("Accept-Language");
  next();
};
