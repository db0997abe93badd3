import type { Request, RequestHandler } from "express";
import { actorOfToken } from "../services/auth/tokens/actor-of-token.ts";
import { AppError } from "../utils/errors.ts";
import { contextOf, type Deps } from "./deps.ts";
import { enforceRateLimit } from "./rate-limit.ts";
import { withinDeadline } from "./request-deadline.ts";

/** Names under which clients put tokens into URLs, where logs and browser histories would store them. */
const TOKEN_NAME = /^(access_?token|refresh_?token|token|bearer|jwt|authorization)(\[.*\])?$/i;

/** Whether the query string contains a token. */
export const hasTokenInQuery = (query: object): boolean => Object.keys(query).some((name) => TOKEN_NAME.test(name));

function bearerOf(req: Request): string | null {
  if (hasTokenInQuery(req.query)) throw new AppError("unauthenticated");
  const header = req.get("authorization");
  if (header === undefined) return null;
  const token = /^Bearer +([\w.~+/=-]+) *$/i.exec(header)?.[1];
  if (token === undefined) throw new AppError("unauthenticated");
  return token;
}

/**
 * Authenticates the caller: null without an Authorization header, otherwise the current actor of the token. A rejected token costs its
 * address one point of the rate limit, so that guessing is limited too.
 */
export function identify(deps: Deps): RequestHandler {
  return async (req, res, next) => {
    try {
      const token = bearerOf(req);
      req.actor = token === null ? null : (await withinDeadline(req, () => actorOfToken(deps.services, token))).actor;
    } catch (error) {
      if (error instanceof AppError && error.code !== "unavailable") {
        deps.services.logger.info("token rejected", { requestId: req.requestId, errorCode: error.code });
        req.actor = null;
        await enforceRateLimit(deps, "rest", contextOf(deps, req), res);
      }
      throw error;
    }
    next();
  };
}
