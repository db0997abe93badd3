import { Router } from "express";
import { csrfProven } from "../../middleware/csrf.ts";
import type { Deps } from "../../middleware/deps.ts";
import { endpoint } from "../../middleware/endpoint.ts";
import { stepUp } from "../../services/auth/factors/step-up.ts";
import { changePassword } from "../../services/auth/passwords/change-password.ts";
import { requestPasswordReset } from "../../services/auth/recovery/request-password-reset.ts";
import { resetPassword } from "../../services/auth/recovery/reset-password.ts";
import { signIn } from "../../services/auth/sign-in/sign-in.ts";
import { signUp } from "../../services/auth/sign-in/sign-up.ts";
import { mergeGuest } from "../../services/guests/merge-guest.ts";
import { upgradeGuest } from "../../services/guests/upgrade-guest.ts";
import { operations } from "../../utils/contract/operations/index.ts";
import { handOut, knownDeviceOf, welcome } from "./session-cookie.ts";

/** REST endpoints for accounts. */
export function accounts(deps: Deps): Router {
  const router = Router();
  router.post(
    operations.signUp.path,
    csrfProven,
    endpoint(deps, operations.signUp, { run: (ctx, input, req) => signUp(ctx, input, knownDeviceOf(req)), send: welcome(deps) }),
  );
  router.post(
    operations.signIn.path,
    csrfProven,
    endpoint(deps, operations.signIn, { run: (ctx, input, req) => signIn(ctx, input, knownDeviceOf(req)), send: handOut(deps) }),
  );
  router.post(
    operations.upgradeGuest.path,
    endpoint(deps, operations.upgradeGuest, {
      run: (ctx, input, req) => upgradeGuest(ctx, input, knownDeviceOf(req)),
      send: handOut(deps),
    }),
  );
  router.post(
    operations.mergeGuest.path,
    endpoint(deps, operations.mergeGuest, { run: (ctx, input, req) => mergeGuest(ctx, input, knownDeviceOf(req)), send: handOut(deps) }),
  );
  const { changePassword: change, requestPasswordReset: request, resetPassword: reset } = operations;
  router.post(change.path, endpoint(deps, change, { run: changePassword }));
  router.post(request.path, csrfProven, endpoint(deps, request, { run: requestPasswordReset }));
  router.post(reset.path, csrfProven, endpoint(deps, reset, { run: resetPassword }));
  router.post(operations.stepUp.path, endpoint(deps, operations.stepUp, { run: stepUp }));
  return router;
}
