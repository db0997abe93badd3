import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setContact } from "../../../../services/contacts/contacts.ts";
import { phoneProof, phoneVerification } from "../../../../utils/contract/schemas/accounts.ts";
import { type App, bootApp } from "../../../support/app.ts";
import { movableClock } from "../../../support/clock.ts";
import { makeGuest, makeMember } from "../../../support/factories.ts";
import { confirmCode, newAddress, newNumber, otherCode, requestCode, sentCode } from "../../../support/fakes/phones.ts";
import { databaseForFile } from "../../../support/for-file.ts";
import { bearer, Visitor } from "../../../support/page/visitor.ts";

const SECOND = 1_000;
const MINUTE = 60_000;

let node: App;
let clock: ReturnType<typeof movableClock>;

const database = await databaseForFile();

// Every test has its own clock and rate limits, so codes of earlier tests must not count.
beforeEach(async () => {
  await database.db.phoneVerification.deleteMany();
  await database.db.phoneCodeTries.deleteMany();
  await database.db.smsBudget.deleteMany();
  clock = movableClock();
  node = await bootApp({ database: database.url, limitsScale: 1, env: { TRUST_PROXY: "1" }, now: clock.now });
});
afterEach(() => node.close());

const rows = (): Promise<number> => database.db.phoneVerification.count();
const texts = (number: string): number => node.deps.outbox?.list(number).length ?? -1;
const said = ({ status, body }: { status: number; body: Record<string, unknown> }) => [status, body.code];

async function requested(number: string, options = {}) {
  const answer = await requestCode(node, number, options);
  expect(answer.status).toBe(202);
  return { id: String(answer.body.verificationId), code: sentCode(node, number), body: answer.body };
}

describe("requesting a phone code", () => {
  it("sends one text message, returns the verification, and stores neither the number nor the code", async () => {
    const number = newNumber();
    const { id, code, body } = await requested(number);
    expect(phoneVerification.parse(body)).toEqual({ verificationId: id, expiresInMs: 600_000, resendInMs: 30_000 });
    expect(texts(number)).toBe(1);
    const row = await database.db.phoneVerification.findUniqueOrThrow({ where: { id } });
    const kept = [row.sealed, row.blindIndex, row.codeHash].map((bytes) => Buffer.from(bytes).toString("latin1")).join() + row.prefix;
    for (const secret of [number, number.slice(1), code]) expect(kept).not.toContain(secret);
    expect(row.prefix).toBe("+491512");
    expect(node.log.join("")).not.toContain(code);
    expect(node.log.join("")).not.toContain(number.slice(1));
  });

  it("recognizes a number in different notations", async () => {
    const forms = [
      "+49 1512 3999999",
      "0049-1512-3999999",
      "+49 (0)1512 3999999",
      "＋４９１５１２３９９９９９９",
      "tel:+4915123999999;ext=7",
    ];
    const [first = "", ...others] = forms;
    expect((await requestCode(node, first)).status).toBe(202);
    for (const form of others) expect([form, ...said(await requestCode(node, form))]).toEqual([form, 429, "rate_limited"]);
    expect(await rows()).toBe(1);
  });

  it.each([
    ["a premium number", "+1 900 555 0199"],
    ["a toll-free number", "+1 800 555 0199"],
    ["a landline", "+44 20 7946 0018"],
    ["a number without a country", "01512 3999999"],
    ["a number that cannot be", "+49 15"],
    ["no number", "hello"],
  ])("rejects %s and sends nothing, but accepts a mobile number", async (_what, number) => {
    expect(said(await requestCode(node, number))).toEqual([422, "phone_not_allowed"]);
    expect(await rows()).toBe(0);
    expect((await requestCode(node, newNumber())).status).toBe(202);
  });

  it.each([
    ["an Iridium satellite phone", "+8816 3123 45678"],
    ["an Inmarsat satellite phone", "+870 773 111 632"],
    ["a number of a global network", "+882 16 1234567"],
    ["a number on Ascension", "+247 40123"],
    ["a number on the Falkland Islands", "+500 51234"],
    ["a number in Somalia", "+252 7112 3456"],
    ["a number in Cuba", "+53 5123 4567"],
  ])("rejects %s, which is in none of the countries of the site's languages", async (_what, number) => {
    expect(said(await requestCode(node, number))).toEqual([422, "phone_not_allowed"]);
    expect(await rows()).toBe(0);
  });

  it.each([
    "+49 1512 3999999",
    "+33 6 12 00 00 01",
    "+1 415 555 0123",
    "+44 7911 123456",
    "+34 612 345 678",
    "+55 11 96123 4567",
    "+81 70 1234 5678",
    "+971 50 123 4567",
  ])("accepts %s, which is in one of the countries of the site's languages", async (number) => {
    expect((await requestCode(node, number)).status).toBe(202);
  });

  it("is limited to the countries of SMS_COUNTRIES, whether or not an account has the number", async () => {
    const french = await bootApp({ database: database.url, env: { TRUST_PROXY: "1", SMS_COUNTRIES: "fr,BE" }, now: clock.now });
    const owned = newNumber("+49151200");
    const { id: userId } = await makeMember(node.services);
    await setContact(node.services, { userId, kind: "phone", value: owned, isVerified: true });
    for (const number of [owned, newNumber("+49151200")])
      expect(said(await requestCode(french, number, { purpose: "reset" }))).toEqual([422, "phone_not_allowed"]);
    expect((await requestCode(french, newNumber("+33612"))).status).toBe(202);
    await french.close();
  });

  it("is limited to twenty per hour for one /24 network, across its addresses", async () => {
    const from = (host: number) => ({ "x-forwarded-for": `172.16.5.${host}` });
    const ask = (host: number) => requestCode(node, newNumber(host % 2 === 0 ? "+33612" : "+34612"), { headers: from(host) });
    for (let sent = 0; sent < 20; sent++) expect((await ask(Math.floor(sent / 5))).status).toBe(202);
    expect(said(await ask(99))).toEqual([429, "rate_limited"]);
    expect((await requestCode(node, newNumber("+33612"), { headers: { "x-forwarded-for": "172.16.6.1" } })).status).toBe(202);
  });

  it("is limited to ten per day for one number", async () => {
    const number = newNumber();
    for (let sent = 0; sent < 10; sent++) {
      expect((await requestCode(node, number)).status).toBe(202);
      clock.advance(11 * MINUTE);
    }
    const { status, body } = await requestCode(node, number);
    expect([status, body.code]).toEqual([429, "rate_limited"]);
    clock.advance(Number(body.retryAfterMs));
    expect((await requestCode(node, number)).status).toBe(202);
  });

  it("again requires a wait of 30, 60, 120 and 120 s, and after five in ten minutes until the first is ten minutes old", async () => {
    const number = newNumber();
    const waits = [30 * SECOND, 60 * SECOND, 120 * SECOND, 120 * SECOND];
    for (const wait of waits) {
      const { body } = await requested(number);
      expect(body.resendInMs).toBe(wait);
      clock.advance(wait - 2 * SECOND);
      const early = await requestCode(node, number);
      expect(said(early)).toEqual([429, "rate_limited"]);
      expect(Number(early.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(early.body.retryAfterMs).toBeLessThanOrEqual(2 * SECOND);
      clock.advance(2 * SECOND);
    }
    const { body } = await requested(number);
    // 330 s have passed since the first text message.
    expect(Math.abs(Number(body.resendInMs) - 270 * SECOND)).toBeLessThan(5 * SECOND);
    clock.advance(265 * SECOND);
    expect(said(await requestCode(node, number))).toEqual([429, "rate_limited"]);
    expect(texts(number)).toBe(5);
    clock.advance(6 * SECOND);
    expect((await requestCode(node, number)).status).toBe(202);
  });

  it("many times concurrently sends one text message", async () => {
    const number = newNumber();
    const answers = await Promise.all(Array.from({ length: 12 }, () => requestCode(node, number)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array<number>(11).fill(429)]);
    expect(texts(number)).toBe(1);
  });

  it("is limited to five per 15 minutes for one address, regardless of forwarded headers", async () => {
    const headers = newAddress();
    const visitor = await new Visitor(node.url).open();
    for (let sent = 0; sent < 5; sent++) expect((await requestCode(node, newNumber(), { headers, visitor })).status).toBe(202);
    const spoofed = { "x-forwarded-for": `198.51.100.7, ${headers["x-forwarded-for"]}`, "x-real-ip": "198.51.100.8" };
    const sixth = await requestCode(node, newNumber(), { headers: spoofed, visitor });
    expect([...said(sixth), sixth.headers.get("ratelimit-limit")]).toEqual([429, "rate_limited", "5"]);
    expect((await requestCode(node, newNumber(), { visitor })).status).toBe(202);
  });

  it("is limited to ten per hour for one address, across its users", async () => {
    const headers = newAddress();
    const asGuest = async () => {
      const { token } = await makeGuest(node.services);
      return requestCode(node, newNumber("+33612"), { headers: { ...headers, ...bearer(token) } });
    };
    for (let sent = 0; sent < 10; sent++) expect((await asGuest()).status).toBe(202);
    expect(said(await asGuest())).toEqual([429, "rate_limited"]);
  });

  it("for a change of number requires a session", async () => {
    expect(said(await requestCode(node, newNumber(), { purpose: "change" }))).toEqual([401, "unauthenticated"]);
    const { token } = await makeGuest(node.services);
    const headers = { ...newAddress(), ...bearer(token) };
    expect((await requestCode(node, newNumber(), { purpose: "change", headers })).status).toBe(202);
  });
});

describe("confirming a phone code", () => {
  it("exchanges a correct one for a proof, once", async () => {
    const { id, code } = await requested(newNumber());
    const { status, body } = await confirmCode(node, id, code);
    expect(status).toBe(200);
    expect(phoneProof.parse(body)).toEqual(body);
    expect(said(await confirmCode(node, id, code))).toEqual([409, "code_used"]);
    const row = await database.db.phoneVerification.findUniqueOrThrow({ where: { id } });
    expect(Buffer.from(row.proofHash ?? []).toString("base64url")).not.toBe(body.phoneProof);
    expect(node.log.join("")).not.toContain(String(body.phoneProof));
  });

  it("returns the remaining attempts, and locks after the fifth wrong one, even for the correct code", async () => {
    const { id, code } = await requested(newNumber());
    for (const left of [4, 3, 2, 1]) {
      const { status, body } = await confirmCode(node, id, otherCode(code, left));
      expect([status, body.code, body.attemptsLeft]).toEqual([422, "code_invalid", left]);
    }
    for (const shown of [otherCode(code), code]) {
      const answer = await confirmCode(node, id, shown);
      expect(said(answer)).toEqual([429, "code_locked"]);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    const twin = await requested(newNumber());
    for (const by of [1, 2, 3, 4]) await confirmCode(node, twin.id, otherCode(twin.code, by));
    expect((await confirmCode(node, twin.id, twin.code)).status).toBe(200);
  });

  it("allows five attempts in ten minutes for all codes of a number together, regardless of resends", async () => {
    const number = newNumber();
    const first = await requested(number);
    for (const left of [4, 3]) expect((await confirmCode(node, first.id, otherCode(first.code, left))).body.attemptsLeft).toBe(left);
    clock.advance(MINUTE);
    const second = await requested(number);
    for (const left of [2, 1]) expect((await confirmCode(node, second.id, otherCode(second.code, left))).body.attemptsLeft).toBe(left);
    clock.advance(2 * MINUTE);
    const third = await requested(number);
    expect(said(await confirmCode(node, third.id, otherCode(third.code)))).toEqual([429, "code_locked"]);
    const { status, body } = await confirmCode(node, third.id, third.code);
    expect([status, body.code]).toEqual([429, "code_locked"]);
    // The first attempt leaves the window seven minutes later.
    expect(Math.abs(Number(body.retryAfterMs) - 7 * MINUTE)).toBeLessThan(10 * SECOND);
    clock.advance(Number(body.retryAfterMs) + SECOND);
    const fourth = await requested(number);
    expect((await confirmCode(node, fourth.id, fourth.code)).status).toBe(200);
  });

  it("allows five attempts for all purposes together", async () => {
    const number = newNumber();
    const signUp = await requested(number);
    clock.advance(MINUTE);
    await setContact(node.services, { userId: (await makeMember(node.services)).id, kind: "phone", value: number, isVerified: true });
    const reset = await requested(number, { purpose: "reset" });
    for (const by of [1, 2, 3]) await confirmCode(node, signUp.id, otherCode(signUp.code, by));
    expect((await confirmCode(node, reset.id, otherCode(reset.code))).body).toMatchObject({ code: "code_invalid", attemptsLeft: 1 });
    expect(said(await confirmCode(node, reset.id, otherCode(reset.code)))).toEqual([429, "code_locked"]);
    for (const { id, code } of [signUp, reset]) expect(said(await confirmCode(node, id, code))).toEqual([429, "code_locked"]);
    // Another number is not affected.
    const other = await requested(newNumber());
    expect((await confirmCode(node, other.id, other.code)).status).toBe(200);
  });

  it("allows twenty attempts per day", async () => {
    const number = newNumber();
    let tries = 0;
    for (let windows = 0; windows < 4; windows++) {
      const { id, code } = await requested(number);
      for (let count = 1; count <= 5; count++) {
        expect([422, 429]).toContain((await confirmCode(node, id, otherCode(code, count))).status);
        tries += 1;
      }
      clock.advance(11 * MINUTE);
    }
    expect(tries).toBe(20);
    const last = await requested(number);
    const { status, body } = await confirmCode(node, last.id, last.code);
    expect([status, body.code]).toEqual([429, "code_locked"]);
    expect(Number(body.retryAfterMs)).toBeGreaterThan(22 * 60 * MINUTE);
    clock.advance(Number(body.retryAfterMs) + SECOND);
    const next = await requested(number);
    expect((await confirmCode(node, next.id, next.code)).status).toBe(200);
  });

  it("correctly resets the attempts of the number", async () => {
    const number = newNumber();
    const first = await requested(number);
    for (const by of [1, 2, 3, 4]) await confirmCode(node, first.id, otherCode(first.code, by));
    expect((await confirmCode(node, first.id, first.code)).status).toBe(200);
    clock.advance(MINUTE);
    const second = await requested(number);
    expect((await confirmCode(node, second.id, otherCode(second.code))).body.attemptsLeft).toBe(4);
  });

  it("a hundred times concurrently counts as five attempts", async () => {
    const { id, code } = await requested(newNumber());
    const answers = await Promise.all(Array.from({ length: 100 }, (_, by) => confirmCode(node, id, otherCode(code, by + 1))));
    const invalid = answers.filter(({ body }) => body.code === "code_invalid");
    expect(invalid.map(({ body }) => body.attemptsLeft).sort()).toEqual([1, 2, 3, 4]);
    expect(answers.filter(({ body }) => body.code === "code_locked")).toHaveLength(96);
    expect(said(await confirmCode(node, id, code))).toEqual([429, "code_locked"]);
  });

  it("correctly and many times concurrently returns one proof", async () => {
    const { id, code } = await requested(newNumber());
    const answers = await Promise.all(Array.from({ length: 5 }, () => confirmCode(node, id, code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
  });

  it("fails after ten minutes, but not just before", async () => {
    const late = await requested(newNumber());
    const early = await requested(newNumber());
    clock.advance(10 * MINUTE - 5 * SECOND);
    expect((await confirmCode(node, early.id, early.code)).status).toBe(200);
    clock.advance(5 * SECOND);
    expect(said(await confirmCode(node, late.id, late.code))).toEqual([410, "code_expired"]);
  });

  it("fails after a newer code was sent; a code for another purpose remains valid", async () => {
    const number = newNumber();
    const first = await requested(number);
    clock.advance(30 * SECOND);
    const second = await requested(number);
    clock.advance(60 * SECOND);
    const reset = await requestCode(node, number, { purpose: "reset" });
    expect(reset.status).toBe(202);
    expect(said(await confirmCode(node, first.id, first.code))).toEqual([410, "code_expired"]);
    expect((await confirmCode(node, second.id, second.code)).status).toBe(200);
  });

  it("fails for the code of another verification, or for an unknown verification", async () => {
    const mine = await requested(newNumber());
    const other = await requested(newNumber());
    if (mine.code !== other.code) expect(said(await confirmCode(node, mine.id, other.code))).toEqual([422, "code_invalid"]);
    expect(said(await confirmCode(node, "01890a5d-ac96-774b-bcce-b302099a8057", mine.code))).toEqual([410, "code_expired"]);
    expect((await confirmCode(node, mine.id, mine.code)).status).toBe(200);
  });

  it("is limited to thirty requests per 15 minutes for one address", async () => {
    const headers = newAddress();
    for (let tries = 0; tries < 30; tries++)
      expect((await confirmCode(node, "01890a5d-ac96-774b-bcce-b302099a8057", "000000", headers)).status).toBe(410);
    expect(said(await confirmCode(node, "01890a5d-ac96-774b-bcce-b302099a8057", "000000", headers))).toEqual([429, "rate_limited"]);
  });
});
