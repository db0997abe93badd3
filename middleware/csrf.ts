import csurf from "csurf";
import { type Request, type RequestHandler, type Response, Router } from "express";
import type { Config } from "../utils/config.ts";
import { type Operation, operations } from "../utils/contract/operations/index.ts";
import { keyedHash, randomToken } from "../utils/crypto.ts";
import { AppError } from "../utils/errors.ts";
import { isAllowedOrigin } from "../utils/origin.ts";
import type { Deps } from "./deps.ts";

declare global {
  namespace Express {
    interface Request {
      /** The property from which csurf reads the secret of this browser. */
      csrfBag?: { csrfSecret: string };
      /** Set when the request has passed the CSRF check. */
      isCsrfProven?: boolean;
    }
  }
}

/** The `__Host-` prefix prevents sibling sites from setting a cookie of this name; it requires HTTPS. */
export const csrfCookieName = ({ mode }: Pick<Config, "mode">): string => (mode === "production" ? "__Host-browser_id" : "browser_id");

const isBrowserId = (value: unknown): value is string => typeof value === "string" && /^[\w-]{43}$/.test(value);

function reject(): never {
  throw new AppError("csrf_failed");
}

/** Rejects duplicate cookies: another site may have set one, and the server cannot detect which. */
function rejectDuplicateTokens(req: Request, names: readonly string[]): void {
  const given = (req.headers.cookie ?? "").split(";").map((pair) => pair.split("=", 1)[0]?.trim());
  if (names.some((name) => given.indexOf(name) !== given.lastIndexOf(name))) reject();
}

function setBrowserId(config: Config, res: Response): string {
  const browserId = randomToken();
  res.cookie(csrfCookieName(config), browserId, { httpOnly: true, sameSite: "strict", secure: config.mode === "production", path: "/" });
  return browserId;
}

/** csurf in session mode with a secret derived from the browser's id: nothing is stored, and the token is read from one header only. */
const protect = csurf({ sessionKey: "csrfBag", value: (req: Request) => req.get("x-csrf-token") ?? "" });

/** Makes `req.csrfToken()` available, also for a new browser. */
function prepare({ config, services }: Deps): RequestHandler {
  return (req, res, next) => {
    const given: unknown = req.cookies[csrfCookieName(config)];
    const browserId = isBrowserId(given) ? given : setBrowserId(config, res);
    req.csrfBag = { csrfSecret: keyedHash(services.keys.csrf, browserId) };
    protect(req, res, next);
  };
}

/** Requires the CSRF token of the browser, except for Bearer tokens: another site cannot make a browser send those. */
function guard({ config, services }: Deps): RequestHandler {
  return (req, res, next) => {
    const browserId: unknown = req.cookies[csrfCookieName(config)];
    if (req.actor === null) {
      if (!isAllowedOrigin(config, req.headers)) reject();
      rejectDuplicateTokens(req, [csrfCookieName(config), "refresh_token"]);
      if (!isBrowserId(browserId)) reject();
      req.csrfBag = { csrfSecret: keyedHash(services.keys.csrf, browserId) };
      return protect(req, res, (error?: unknown) => {
        if (error !== undefined) return next(new AppError("csrf_failed"));
        req.isCsrfProven = true;
        next();
      });
    }
    req.isCsrfProven = true;
    next();
  };
}

const below = (path: string): string => path.replace(/^\/api/, "");

/**
 * Rejects forged requests to every operation that requires a CSRF token, before the body is read. Mount it under `/api`, after
 * `cookie-parser` and `identify`.
 */
export function csrf(deps: Deps): Router {
  const router = Router();
  router.get(below(operations.getCsrfToken.path), prepare(deps));
  const guarded = Object.values<Operation>(operations).filter(({ caller }) => caller === "csrf");
  for (const { method, path } of guarded) router[method](below(path), guard(deps));
  return router;
}

/** Final check before a guarded route runs: rejects a request that bypassed `csrf`. */
export const csrfProven: RequestHandler = (req, _res, next) => (req.isCsrfProven === true ? next() : reject());
