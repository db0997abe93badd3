import { type Request, type Response, Router } from "express";
import { csrfProven } from "../../middleware/csrf.ts";
import type { Deps } from "../../middleware/deps.ts";
import { endpoint } from "../../middleware/endpoint.ts";
import { addPasskey } from "../../services/auth/factors/passkeys/add-passkey.ts";
import { beginPasskey } from "../../services/auth/factors/passkeys/begin-passkey.ts";
import { listPasskeys } from "../../services/auth/factors/passkeys/list-passkeys.ts";
import { removePasskey } from "../../services/auth/factors/passkeys/remove-passkey.ts";
import { beginTotp } from "../../services/auth/factors/totp/begin-totp.ts";
import { confirmTotp } from "../../services/auth/factors/totp/confirm-totp.ts";
import { removeTotp } from "../../services/auth/factors/totp/remove-totp.ts";
import { renewRecoveryCodes } from "../../services/auth/factors/totp/renew-recovery-codes.ts";
import { beginPasskeySignIn, signInWithPasskey } from "../../services/auth/sign-in/passkey-sign-in.ts";
import { operations } from "../../utils/contract/operations/index.ts";
import type { PasskeyDto } from "../../utils/contract/schemas/factors.ts";
import { handOut, knownDeviceOf } from "./session-cookie.ts";

function welcomePasskey(passkey: PasskeyDto, _req: Request, res: Response): PasskeyDto {
  res.location(`${operations.addPasskey.path}/${passkey.id}`);
  return passkey;
}

/** The doors of what people prove themselves with beside a password: codes of an app, recovery codes, passkeys. */
export function factors(deps: Deps): Router {
  const router = Router();
  const { beginPasskeySignIn: begin, signInWithPasskey: signIn } = operations;
  router.post(operations.beginTotp.path, endpoint(deps, operations.beginTotp, { run: beginTotp }));
  router.post(operations.confirmTotp.path, endpoint(deps, operations.confirmTotp, { run: confirmTotp }));
  router.delete(operations.removeTotp.path, endpoint(deps, operations.removeTotp, { run: removeTotp }));
  router.post(operations.renewRecoveryCodes.path, endpoint(deps, operations.renewRecoveryCodes, { run: renewRecoveryCodes }));
  router.get(operations.listPasskeys.path, endpoint(deps, operations.listPasskeys, { run: listPasskeys }));
  router.post(operations.beginPasskey.path, endpoint(deps, operations.beginPasskey, { run: beginPasskey }));
  router.post(operations.addPasskey.path, endpoint(deps, operations.addPasskey, { run: addPasskey, send: welcomePasskey }));
  router.delete(operations.removePasskey.path, endpoint(deps, operations.removePasskey, { run: removePasskey }));
  router.post(begin.path, csrfProven, endpoint(deps, begin, { run: beginPasskeySignIn }));
  router.post(
    signIn.path,
    csrfProven,
    endpoint(deps, signIn, { run: (ctx, answer, req) => signInWithPasskey(ctx, answer, knownDeviceOf(req)), send: handOut(deps) }),
  );
  return router;
}
