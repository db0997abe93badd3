import { beforeAll, expect, it } from "vitest";
import { budgets } from "../../../../utils/contract/limits.ts";
import { makeMember, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { Visitor } from "../../../support/page/visitor.ts";

const ADDRESSES = 50;
const ACCOUNTS = 20;
const TRIES = 40;
const AT_ONCE = 10;
const PASSWORD = "quiet heron over the canal";

let accounts: Person[];

const { app, database } = await appForFile({ limitsScale: 1, env: { TRUST_PROXY: "1" } });

beforeAll(async () => {
  const passwordHash = await app.services.passwords.hash(PASSWORD);
  accounts = await Promise.all(Array.from({ length: ACCOUNTS }, () => makeMember(app.services)));
  await database.db.credential.createMany({ data: accounts.map(({ id }) => ({ userId: id, passwordHash })) });
});

const from = (address: string) => ({ "x-forwarded-for": address });

const signIn = (visitor: Visitor, who: Person | undefined, call: { password: string; address: string }) =>
  visitor.post("/api/auth/signin", { identifier: who?.actor.username, password: call.password }, from(call.address));

/** Returns a new browser with its own address. */
async function browserAt(address: string): Promise<Visitor> {
  const visitor = new Visitor(app.url);
  visitor.csrfToken = String((await visitor.call("/api/auth/csrf", { headers: from(address) })).body.csrfToken);
  return visitor;
}

it("password guessing: 2,000 attempts from 50 addresses on 20 accounts fail, and no owner is locked out of a known device", async () => {
  const owners = await Promise.all(accounts.map((_, place) => browserAt(`192.0.2.${place + 1}`)));
  for (const [place, owner] of owners.entries()) {
    const { status } = await signIn(owner, accounts[place], { password: PASSWORD, address: `192.0.2.${place + 1}` });
    expect(status).toBe(200);
  }

  const answers: string[] = [];
  const attack = async (attacker: number): Promise<void> => {
    const address = `198.51.${attacker}.7`;
    const browser = await browserAt(address);
    for (let guess = 0; guess < TRIES; guess += 1) {
      const target = accounts[(attacker + guess) % ACCOUNTS];
      // The last guess is the correct password: by then it must be rejected as well.
      const password = guess === TRIES - 1 ? PASSWORD : `wrong guess number ${guess}`;
      const { status, body } = await signIn(browser, target, { password, address });
      answers.push(`${status} ${String(body.code)}`);
    }
  };
  // Enough concurrent attackers to race for the rate limits, but not so many that the server runs out of time.
  for (let first = 0; first < ADDRESSES; first += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, (_, place) => attack(first + place)));

  const count = (answer: string) => answers.filter((one) => one === answer).length;
  const [limit] = budgets.signInsOfAccount;
  // Each owner's own sign-in counted against the account as well, because no device was known yet.
  const looked = ACCOUNTS * (limit.points - 1);
  expect(answers).toHaveLength(ADDRESSES * TRIES);
  expect([count("401 invalid_credentials"), count("429 rate_limited")]).toEqual([looked, ADDRESSES * TRIES - looked]);

  for (const [place, owner] of owners.entries()) {
    const { status } = await signIn(owner, accounts[place], { password: PASSWORD, address: `198.51.${place}.7` });
    expect(status).toBe(200);
  }
  const elsewhere = await signIn(await browserAt("203.0.113.9"), accounts[0], { password: PASSWORD, address: "203.0.113.9" });
  expect([elsewhere.status, elsewhere.body.code]).toEqual([429, "rate_limited"]);
  expect(Number(elsewhere.body.retryAfterMs)).toBeLessThanOrEqual(limit.windowMs);
}, 120_000);
