import { Router } from "express";
import { csrfProven } from "../../middleware/csrf.ts";
import type { Deps } from "../../middleware/deps.ts";
import { endpoint } from "../../middleware/endpoint.ts";
import { getMe } from "../../services/account/get-me.ts";
import { endSession } from "../../services/auth/sessions/end-session.ts";
import { listSessions } from "../../services/auth/sessions/list-sessions.ts";
import { refreshSession } from "../../services/auth/sessions/refresh-session.ts";
import { signOut } from "../../services/auth/sessions/sign-out.ts";
import { signOutEverywhere } from "../../services/auth/sessions/sign-out-everywhere.ts";
import { signUpRulesOf } from "../../services/auth/sign-in/sign-up-rules.ts";
import { createGuest } from "../../services/guests/create-guest.ts";
import { operations } from "../../utils/contract/operations/index.ts";
import { handOut, refreshTokenOf, takeBack, welcome } from "./session-cookie.ts";

/** REST endpoints for signing in and out. */
export function auth(deps: Deps): Router {
  const router = Router();
  const { getCsrfToken, refreshSession: refresh, signOutEverywhere: signOutAll } = operations;
  router.get(getCsrfToken.path, endpoint(deps, getCsrfToken, { run: (_ctx, _input, req) => ({ csrfToken: req.csrfToken() }) }));
  router.get(operations.getSignUpRules.path, endpoint(deps, operations.getSignUpRules, { run: signUpRulesOf }));
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
