import { afterAll, beforeAll, expect, it } from "vitest";
import { newMember, PASSWORD, type SignedInVisitor, said, signIn } from "../support/accounts.ts";
import { type App, bootApp } from "../support/app.ts";
import { type TestDatabase, testDatabase } from "../support/db.ts";
import { Visitor } from "../support/visitor.ts";

const [TRIES, ADDRESSES, ACCOUNTS, AT_ONCE] = [2_000, 50, 20, 10];
let database: TestDatabase;
let node: App;
const owners: SignedInVisitor[] = [];

beforeAll(async () => {
  database = await testDatabase();
  node = await bootApp({ database: database.url, limitsScale: 1, env: { TRUST_PROXY: "1" } });
  for (let n = 0; n < ACCOUNTS; n++) owners.push(await newMember(node));
});
afterAll(async () => {
  await node.close();
  await database.drop();
});

/** The first tries are wrong; the right password comes when an account has long been tried more often than it may be. */
const guessOf = (n: number): string => (n < TRIES / 2 ? `a guess of mine ${n}` : PASSWORD);

async function attack(visitor: Visitor, n: number): Promise<unknown> {
  const headers = { "x-forwarded-for": `203.0.113.${n % ADDRESSES}` };
  const { username = "" } = owners[n % ACCOUNTS] ?? {};
  const { status, body } = await signIn(node, { identifier: username, password: guessOf(n) }, { visitor, headers });
  return status === 200 ? "signed_in" : body.code;
}

it("stands 2,000 sign-ins from 50 addresses against 20 accounts: none is guessed, and no owner is locked out", {
  timeout: 120_000,
}, async () => {
  const visitors = await Promise.all(Array.from({ length: AT_ONCE }, () => new Visitor(node.url).open()));
  const seen = new Map<unknown, number>();
  for (let n = 0; n < TRIES; n += AT_ONCE) {
    const answers = await Promise.all(visitors.map((visitor, place) => attack(visitor, n + place)));
    for (const answer of answers) seen.set(answer, (seen.get(answer) ?? 0) + 1);
  }
  expect(Object.fromEntries(seen)).toEqual({ invalid_credentials: 5 * ACCOUNTS, rate_limited: TRIES - 5 * ACCOUNTS });
  for (const { username, visitor } of owners) {
    expect(said(await signIn(node, { identifier: username, password: "not mine at all" }, { visitor }))).toEqual([
      401,
      "invalid_credentials",
    ]);
    expect((await signIn(node, { identifier: username }, { visitor })).status).toBe(200);
  }
});
