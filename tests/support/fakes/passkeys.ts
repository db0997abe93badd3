import { newMember, type SignedInVisitor } from "../accounts.ts";
import type { App } from "../app.ts";
import { type Answer, Visitor } from "../page/visitor.ts";
import { type Authenticator, createAuthenticator, type Lie } from "./authenticator.ts";
import { newAddress } from "./phones.ts";

/** The address of the servers of these tests, as browsers see it. */
export const SITE = "https://chat.example";

/** A challenge as it is sent to an authenticator. */
export type Challenge = { challengeId: string; options: Record<string, unknown> & { challenge: string } };

export const challengeOf = (value: unknown): Challenge => value as Challenge;

/** Requests the options of a new passkey. */
export const askForNew = async ({ visitor, auth }: SignedInVisitor): Promise<Answer> =>
  visitor.post("/api/auth/passkeys/options", undefined, auth);

/** Creates a passkey and registers it, with or without a false claim in it. */
export async function addPasskey(person: SignedInVisitor, device: Authenticator, { lie = {}, ...more }: { lie?: Lie; name?: string } = {}) {
  const { challengeId, options } = challengeOf((await askForNew(person)).body);
  const body = { challengeId, response: device.make(options, lie), ...more };
  return person.visitor.post("/api/auth/passkeys", body, person.auth);
}

/** Creates a member with a passkey on their device. */
export async function memberWithPasskey(node: App, device = createAuthenticator(SITE)) {
  const person = await newMember(node);
  const answer = await addPasskey(person, device);
  if (answer.status !== 201) throw new Error(`no passkey: ${JSON.stringify(answer.body)}`);
  return { ...person, device, passkeyId: String(answer.body.id) };
}

/** Requests a sign-in challenge, each time from a different address. */
export const askToSignIn = async (visitor: Visitor): Promise<Challenge> =>
  challengeOf((await visitor.post("/api/auth/passkeys/signin-options", undefined, newAddress())).body);

export const showPasskey = (visitor: Visitor, body: unknown): Promise<Answer> =>
  visitor.post("/api/auth/passkeys/signin", body, newAddress());

/** Signs in with a passkey from a new browser, with or without a false claim. */
export async function signInByPasskey(node: App, device: Authenticator, lie: Lie = {}): Promise<Answer> {
  const visitor = await new Visitor(node.url).open();
  const { challengeId, options } = await askToSignIn(visitor);
  return showPasskey(visitor, { challengeId, response: device.answer(options, lie) });
}
