import type { MeDto } from "../../../../utils/contract/schemas/auth.ts";
import type { AddPasskeyInput } from "../../../../utils/contract/schemas/factors.ts";
import type { DeleteMeInput } from "../../../../utils/contract/schemas/privacy.ts";
import type { UpdateMeInput } from "../../../../utils/contract/schemas/users.ts";
import { ask } from "../../api.ts";
import { keepMe, loadMe } from "./me.ts";
import { makePasskey } from "./passkeys.ts";
import { withStepUp } from "./step-up.ts";

const mine = { bearer: true } as const;
const post = { method: "POST", bearer: true } as const;

/** Runs an action and then reloads the current user, whose data it changes. */
async function andLookAgain<Result>(run: () => Promise<Result>): Promise<Result> {
  const result = await run();
  await loadMe();
  return result;
}

export async function updateMe(body: UpdateMeInput): Promise<MeDto> {
  const next = await ask("updateMe", "/api/users/me", { method: "PATCH", bearer: true, body });
  keepMe(next);
  return next;
}

export const changePassword = (body: { currentPassword: string; newPassword: string }) =>
  ask("changePassword", "/api/auth/change-password", { ...post, body });

/** Returns undefined if the user cancelled the step-up; so do all functions below that need it. */
export const changeEmail = (email: string | null) =>
  andLookAgain(() => withStepUp(() => ask("changeEmail", "/api/auth/change-email", { ...post, body: { email } })));

export const changePhone = (phoneProof: string) =>
  andLookAgain(() => withStepUp(() => ask("changePhone", "/api/auth/change-phone", { ...post, body: { phoneProof } })));

export const beginTotp = () => withStepUp(() => ask("beginTotp", "/api/auth/totp", { ...post, body: {} }));

export const confirmTotp = (code: string) => andLookAgain(() => ask("confirmTotp", "/api/auth/totp/confirm", { ...post, body: { code } }));

export const removeTotp = (password: string) =>
  andLookAgain(() => ask("removeTotp", "/api/auth/totp", { method: "DELETE", bearer: true, body: { password } }));

export const renewRecoveryCodes = () =>
  andLookAgain(() => withStepUp(() => ask("renewRecoveryCodes", "/api/auth/recovery-codes", { ...post, body: {} })));

export const listPasskeys = () => ask("listPasskeys", "/api/auth/passkeys", mine);

/** Creates a passkey on this device and adds it to the account. */
export const addPasskey = (name: string) =>
  withStepUp(async () => {
    const challenge = await ask("beginPasskey", "/api/auth/passkeys/options", { ...post, body: {} });
    const answer = await makePasskey(challenge);
    const body: AddPasskeyInput = name === "" ? answer : { ...answer, name };
    return ask("addPasskey", "/api/auth/passkeys", { ...post, body });
  });

export const removePasskey = (id: string) =>
  withStepUp(() => ask("removePasskey", `/api/auth/passkeys/${id}`, { method: "DELETE", bearer: true }));

export const listHistory = (cursor: string | null) =>
  ask("listSecurityHistory", `/api/auth/history?limit=20${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`, mine);

export const listDevices = () => ask("listSessions", "/api/auth/sessions", mine);

export const endDevice = (id: string) => ask("endSession", `/api/auth/sessions/${id}`, { method: "DELETE", bearer: true });

export const endAllDevices = () => ask("signOutEverywhere", "/api/auth/signout-all", { method: "POST", csrf: true });

export const requestExport = () => withStepUp(() => ask("requestExport", "/api/users/me/export", { ...post, body: {} }));

export const getExport = (id: string) => ask("getExport", `/api/users/me/export/${id}`, mine);

export const deleteMe = (body: DeleteMeInput) =>
  withStepUp(() => ask("deleteMe", "/api/users/me", { method: "DELETE", bearer: true, body }));
