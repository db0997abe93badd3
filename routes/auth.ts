import { type Request, type Response, Router } from "express";
import { csrfProven } from "../middleware/csrf.ts";
import type { Deps } from "../middleware/deps.ts";
import { endpoint } from "../middleware/endpoint.ts";
import { createGuest } from "../services/auth/create-guest.ts";
import { endSession } from "../services/auth/end-session.ts";
import { getMe } from "../services/auth/get-me.ts";
import { listSessions } from "../services/auth/list-sessions.ts";
import type { SignedIn } from "../services/auth/present.ts";
import { refreshSession } from "../services/auth/refresh-session.ts";
import { signOut } from "../services/auth/sign-out.ts";
import { signOutEverywhere } from "../services/auth/sign-out-everywhere.ts";
import type { SessionDto } from "../utils/contract/auth.ts";
import { operations } from "../utils/contract/operations.ts";

const COOKIE = "refresh_token";

/** Out of reach of scripts and other sites, and sent to the doors of this file alone. */
const cookieOptions = ({ config }: Deps) =>
  ({ httpOnly: true, sameSite: "strict", secure: config.mode === "production", path: "/api/auth" }) as const;

const refreshTokenOf = (req: Request): string | undefined => {
  const value: unknown = req.cookies[COOKIE];
  return typeof value === "string" ? value : undefined;
};

/** Hands out a session: the refresh token as a cookie that ends with it, the rest as the body. */
const handOut =
  (deps: Deps) =>
  ({ session, refreshToken }: SignedIn, _req: Request, res: Response): SessionDto => {
    res.cookie(COOKIE, refreshToken, { ...cookieOptions(deps), expires: new Date(session.sessionExpiresAt) });
    return session;
  };

/** The same for somebody new, who finds themselves at `Location`. */
const welcome =
  (deps: Deps) =>
  (signedIn: SignedIn, req: Request, res: Response): SessionDto => {
    res.location(operations.getMe.path);
    return handOut(deps)(signedIn, req, res);
  };

const takeBack =
  (deps: Deps) =>
  (_result: unknown, _req: Request, res: Response): void =>
    void res.clearCookie(COOKIE, cookieOptions(deps));

/** The doors of signing in and out. */
export function auth(deps: Deps): Router {
  const router = Router();
  const { getCsrfToken, refreshSession: refresh, signOutEverywhere: signOutAll } = operations;
  router.get(getCsrfToken.path, endpoint(deps, getCsrfToken, { run: (_ctx, _input, req) => ({ csrfToken: req.csrfToken() }) }));
  router.post(operations.createGuest.path, csrfProven, endpoint(deps, operations.createGuest, { run: createGuest, send: welcome(deps) }));
  router.post(
    refresh.path,
    csrfProven,
    endpoint(deps, refresh, { run: (ctx, _input, req) => refreshSession(ctx, refreshTokenOf(req)), send: handOut(deps) }),
  );
  router.post(
    operations.signOut.path,
    csrfProven,
    endpoint(deps, operations.signOut, { run: (ctx, _input, req) => signOut(ctx, refreshTokenOf(req)), send: takeBack(deps) }),
  );
  router.post(
    signOutAll.path,
    csrfProven,
    endpoint(deps, signOutAll, { run: (ctx, _input, req) => signOutEverywhere(ctx, refreshTokenOf(req)), send: takeBack(deps) }),
  );
  router.get(operations.getMe.path, endpoint(deps, operations.getMe, { run: getMe }));
  router.get(operations.listSessions.path, endpoint(deps, operations.listSessions, { run: listSessions }));
  router.delete(operations.endSession.path, endpoint(deps, operations.endSession, { run: endSession }));
  return router;
}
