import type { Request, Response, Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
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
import { mount, withResponse } from "./mount.ts";
import { knownDeviceOf, sendSession } from "./session-cookie.ts";

function welcomePasskey(passkey: PasskeyDto, _req: Request, res: Response): PasskeyDto {
  res.location(`${operations.addPasskey.path}/${passkey.id}`);
  return passkey;
}

/** REST endpoints for additional factors: authenticator apps, recovery codes, passkeys. */
export const factors = (deps: Deps): Router =>
  mount(deps, {
    beginTotp,
    confirmTotp,
    removeTotp,
    renewRecoveryCodes,
    listPasskeys,
    beginPasskey,
    addPasskey: withResponse(addPasskey, welcomePasskey),
    removePasskey,
    beginPasskeySignIn,
    signInWithPasskey: withResponse((ctx, answer, req) => signInWithPasskey(ctx, answer, knownDeviceOf(req)), sendSession(deps)),
  });
