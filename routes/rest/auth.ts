import type { Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { getMe } from "../../services/account/get-me.ts";
import { endSession } from "../../services/auth/sessions/end-session.ts";
import { listSessions } from "../../services/auth/sessions/list-sessions.ts";
import { refreshSession } from "../../services/auth/sessions/refresh-session.ts";
import { signOut } from "../../services/auth/sessions/sign-out.ts";
import { signOutEverywhere } from "../../services/auth/sessions/sign-out-everywhere.ts";
import { signUpRulesOf } from "../../services/auth/sign-in/sign-up-rules.ts";
import { createGuest } from "../../services/guests/create-guest.ts";
import { mount, withResponse } from "./mount.ts";
import { clearSession, knownDeviceOf, refreshTokenOf, sendNewSession, sendSession } from "./session-cookie.ts";

/** REST endpoints for signing in and out. */
export const auth = (deps: Deps): Router =>
  mount(deps, {
    getCsrfToken: (_ctx, _input, req) => ({ csrfToken: req.csrfToken() }),
    getSignUpRules: signUpRulesOf,
    createGuest: withResponse((ctx, input, req) => createGuest(ctx, input, knownDeviceOf(req)), sendNewSession(deps)),
    refreshSession: withResponse((ctx, _input, req) => refreshSession(ctx, refreshTokenOf(req)), sendSession(deps)),
    signOut: withResponse((ctx, _input, req) => signOut(ctx, refreshTokenOf(req)), clearSession(deps)),
    signOutEverywhere: withResponse((ctx, _input, req) => signOutEverywhere(ctx, refreshTokenOf(req)), clearSession(deps)),
    getMe,
    listSessions,
    endSession,
  });
