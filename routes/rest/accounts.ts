import type { Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { stepUp } from "../../services/auth/factors/step-up.ts";
import { changePassword } from "../../services/auth/passwords/change-password.ts";
import { requestPasswordReset } from "../../services/auth/recovery/request-password-reset.ts";
import { resetPassword } from "../../services/auth/recovery/reset-password.ts";
import { signIn } from "../../services/auth/sign-in/sign-in.ts";
import { signUp } from "../../services/auth/sign-in/sign-up.ts";
import { mergeGuest } from "../../services/guests/merge-guest.ts";
import { upgradeGuest } from "../../services/guests/upgrade-guest.ts";
import { mount, withResponse } from "./mount.ts";
import { knownDeviceOf, sendNewSession, sendSession } from "./session-cookie.ts";

/** REST endpoints for accounts. */
export const accounts = (deps: Deps): Router =>
  mount(deps, {
    signUp: withResponse((ctx, input, req) => signUp(ctx, input, knownDeviceOf(req)), sendNewSession(deps)),
    signIn: withResponse((ctx, input, req) => signIn(ctx, input, knownDeviceOf(req)), sendSession(deps)),
    upgradeGuest: withResponse((ctx, input, req) => upgradeGuest(ctx, input, knownDeviceOf(req)), sendSession(deps)),
    mergeGuest: withResponse((ctx, input, req) => mergeGuest(ctx, input, knownDeviceOf(req)), sendSession(deps)),
    changePassword,
    requestPasswordReset,
    resetPassword,
    stepUp,
  });
