import type { App } from "./app.ts";
import { newAddress } from "./fakes/phones.ts";
import { type Answer, bearer, Visitor } from "./page/visitor.ts";

export const PASSWORD = "correct horse battery";

let count = 0;

/** Returns an unused username. */
export function newUsername(stem = "person"): string {
  count += 1;
  return `${stem}-${process.pid.toString(36)}-${count}`;
}

/** A browser with a signed-in user. */
export type SignedInVisitor = {
  readonly visitor: Visitor;
  readonly answer: Answer;
  readonly id: string;
  readonly username: string;
  readonly password: string;
  readonly auth: Record<string, string>;
};

const idOf = ({ body }: Answer): string => String((body.user as { id?: unknown } | undefined)?.id);

/** Signs up over REST, each time from a different address. Additional fields go into the body. */
export async function newMember(node: App, body: Record<string, unknown> = {}): Promise<SignedInVisitor> {
  const visitor = await new Visitor(node.url).open();
  const username = String(body.username ?? newUsername());
  const password = String(body.password ?? PASSWORD);
  const answer = await visitor.post("/api/auth/signup", { ...body, username, password }, newAddress());
  if (answer.status !== 201) throw new Error(`no account: ${JSON.stringify(answer.body)}`);
  return { visitor, answer, id: idOf(answer), username, password, auth: bearer(answer.body.accessToken) };
}

/** Becomes a guest over REST. */
export async function newGuest(node: App, displayName?: string) {
  const visitor = await new Visitor(node.url).open();
  const answer = await visitor.post("/api/auth/guest", displayName === undefined ? {} : { displayName }, newAddress());
  if (answer.status !== 201) throw new Error(`no guest: ${JSON.stringify(answer.body)}`);
  return { visitor, answer, id: idOf(answer), token: String(answer.body.accessToken), auth: bearer(answer.body.accessToken) };
}

type SignIn = { readonly identifier: string; readonly password?: string; readonly [more: string]: unknown };

/** Tries to sign in, from a new browser and a different address by default. */
export async function signIn(
  node: App,
  { password = PASSWORD, ...body }: SignIn,
  { visitor, headers = newAddress() }: { visitor?: Visitor; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return (visitor ?? (await new Visitor(node.url).open())).post("/api/auth/signin", { password, ...body }, headers);
}

/** Returns the status and the code of an answer, for assertions about errors. */
export const said = ({ status, body }: Answer): [number, unknown] => [status, body.code];
