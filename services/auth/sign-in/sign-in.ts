import type { SignInInput } from "../../../utils/contract/schemas/accounts.ts";
import type { OpenCtx } from "../../context.ts";
import { openSession } from "../sessions/open-session.ts";
import type { SignedIn } from "../sessions/present.ts";
import { verifyCredentials } from "./verify-credentials.ts";

/**
 * Signs in by password. `knownDevice` is the trusted-device cookie, if there is one.
 * @throws AppError the errors of `verifyCredentials`
 */
export async function signIn(
  ctx: OpenCtx<"db" | "pool" | "now" | "keys" | "sessions" | "events" | "presence" | "limits" | "logger" | "vault" | "passwords">,
  input: SignInInput,
  knownDevice: string | undefined,
): Promise<SignedIn> {
  const account = await verifyCredentials(ctx, { ...input, knownDevice });
  return openSession(ctx, account, { knownDevice, provenAt: ctx.now(), passwordChangedAt: account.credential?.passwordChangedAt });
}
