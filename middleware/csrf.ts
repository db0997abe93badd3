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
      /** Where csurf finds the secret of this browser. */
      csrfBag?: { csrfSecret: string };
      /** Set when the request cannot be a forged one. */
      isCsrfProven?: boolean;
    }
  }
}

/** `__Host-` keeps sibling sites from planting a cookie of theirs under this name; it needs https. */
export const csrfCookieName = ({ mode }: Pick<Config, "mode">): string => (mode === "production" ? "__Host-browser_id" : "browser_id");

const isBrowserId = (value: unknown): value is string => typeof value === "string" && /^[\w-]{43}$/.test(value);

function reject(): never {
  throw new AppError("csrf_failed");
}

/** Two cookies of one name mean that somebody else put one there, and nobody can tell which. */
function rejectDuplicateTokens(req: Request, names: readonly string[]): void {
  const given = (req.headers.cookie ?? "").split(";").map((pair) => pair.split("=", 1)[0]?.trim());
  if (names.some((name) => given.indexOf(name) !== given.lastIndexOf(name))) reject();
}

function plantBrowserId(config: Config, res: Response): string {
  const browserId = randomToken();
  res.cookie(csrfCookieName(config), browserId, { httpOnly: true, sameSite: "strict", secure: config.mode === "production", path: "/" });
  return browserId;
}

/** Session mode with a secret derived from the browser's id: nothing is stored, and the token is read from one header only. */
const protect = csurf({ sessionKey: "csrfBag", value: (req: Request) => req.get("x-csrf-token") ?? "" });

/** Makes `req.csrfToken()` work, for a browser that may be new. */
function prepare({ config, services }: Deps): RequestHandler {
  return (req, res, next) => {
    const given: unknown = req.cookies[csrfCookieName(config)];
    const browserId = isBrowserId(given) ? given : plantBrowserId(config, res);
    req.csrfBag = { csrfSecret: keyedHash(services.keys.csrf, browserId) };
    protect(req, res, next);
  };
}

/** A Bearer token is not ambient: no other site can make a browser send it. Everything else must show the token of its browser. */
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
 * Refuses forged requests to every operation whose caller must show a CSRF token, before its body is read.
 * Mount it under `/api`, after `cookie-parser` and `identify`.
 */
export function csrf(deps: Deps): Router {
  const router = Router();
  router.get(below(operations.getCsrfToken.path), prepare(deps));
  const guarded = Object.values<Operation>(operations).filter(({ caller }) => caller === "csrf");
  for (const { method, path } of guarded) router[method](below(path), guard(deps));
  return router;
}

/** The last word before a guarded route runs: a request that went past `csrf` unseen is refused. */
export const csrfProven: RequestHandler = (req, _res, next) => (req.isCsrfProven === true ? next() : reject());
