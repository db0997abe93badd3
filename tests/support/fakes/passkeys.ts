import { newMember, type SignedInVisitor } from "../accounts.ts";
import type { App } from "../app.ts";
import { type Answer, Visitor } from "../page/visitor.ts";
import { type Authenticator, createAuthenticator, type Lie } from "./authenticator.ts";
import { newAddress } from "./phones.ts";

/** The address the servers of these tests are at, as browsers see it. */
export const SITE = "https://chat.example";

/** What a challenge looks like on its way to an authenticator. */
export type Challenge = { challengeId: string; options: Record<string, unknown> & { challenge: string } };

export const challengeOf = (value: unknown): Challenge => value as Challenge;

/** Asks what a new passkey must be like. */
export const askForNew = async ({ visitor, auth }: SignedInVisitor): Promise<Answer> =>
  visitor.post("/api/auth/passkeys/options", undefined, auth);

/** Makes a passkey and shows it to the server, with or without a lie in it. */
export async function addPasskey(person: SignedInVisitor, device: Authenticator, { lie = {}, ...more }: { lie?: Lie; name?: string } = {}) {
  const { challengeId, options } = challengeOf((await askForNew(person)).body);
  const body = { challengeId, response: device.make(options, lie), ...more };
  return person.visitor.post("/api/auth/passkeys", body, person.auth);
}

/** A member with a passkey on a device of theirs. */
export async function memberWithPasskey(node: App, device = createAuthenticator(SITE)) {
  const person = await newMember(node);
  const answer = await addPasskey(person, device);
  if (answer.status !== 201) throw new Error(`no passkey: ${JSON.stringify(answer.body)}`);
  return { ...person, device, passkeyId: String(answer.body.id) };
}

/** Asks for a challenge to sign in with, from an address of its own. */
export const askToSignIn = async (visitor: Visitor): Promise<Challenge> =>
  challengeOf((await visitor.post("/api/auth/passkeys/signin-options", undefined, newAddress())).body);

export const showPasskey = (visitor: Visitor, body: unknown): Promise<Answer> =>
  visitor.post("/api/auth/passkeys/signin", body, newAddress());

/** Signs in with a passkey from a browser nobody used before, with or without a lie. */
export async function signInByPasskey(node: App, device: Authenticator, lie: Lie = {}): Promise<Answer> {
  const visitor = await new Visitor(node.url).open();
  const { challengeId, options } = await askToSignIn(visitor);
  return showPasskey(visitor, { challengeId, response: device.answer(options, lie) });
}
