import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setContact } from "../../../../services/contacts/contacts.ts";
import { type App, type AppOptions, bootApp } from "../../../support/app.ts";
import { movableClock } from "../../../support/clock.ts";
import { type TestDatabase, testDatabase } from "../../../support/database/db.ts";
import { makeMember } from "../../../support/factories.ts";
import { confirmCode, newNumber, requestCode, sentCode } from "../../../support/fakes/phones.ts";
import { type FakeTwilio, fakeTwilio, refuses, TWILIO_ACCOUNT, takes } from "../../../support/fakes/twilio.ts";

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

let database: TestDatabase;
let clock: ReturnType<typeof movableClock>;
let open: App[] = [];

// The audit log cannot be emptied, and each test has its own time, so each has its own database.
beforeEach(async () => {
  clock = movableClock();
  database = await testDatabase();
});
afterEach(async () => {
  for (const node of open) await node.close();
  open = [];
  await database.drop();
});

async function boot(env: AppOptions["env"] = {}, limitsScale = 1): Promise<App> {
  const node = await bootApp({ database: database.url, limitsScale, env: { TRUST_PROXY: "1", ...env }, now: clock.now });
  open.push(node);
  return node;
}

const said = ({ status, body }: { status: number; body: Record<string, unknown> }) => [status, body.code];
const warnings = (node: App): number => node.log.filter((line) => line.includes("text messages are paused")).length;
const entries = () => database.db.auditEntry.findMany({ where: { action: "sms_paused" } });

/** Creates an admin with an email address, confirmed by default. */
async function makeAdmin({ services }: App, email: string, isVerified = true): Promise<void> {
  const { id } = await makeMember(services, { role: "admin" });
  await setContact(services, { userId: id, kind: "email", value: email, isVerified });
}

/** Sends this many text messages to numbers of one prefix, some of which are confirmed. */
async function pump(node: App, count: number, prefix: string, confirmed = 0): Promise<void> {
  for (let sent = 0; sent < count; sent++) {
    const number = newNumber(prefix);
    const { status, body } = await requestCode(node, number);
    expect([sent, status]).toEqual([sent, 202]);
    if (sent < confirmed) expect((await confirmCode(node, body.verificationId, sentCode(node, number))).status).toBe(200);
  }
}

describe("text messages to a prefix with few confirmations", () => {
  it("are paused after the 21st within an hour; the audit log, the log and the admins are notified once", async () => {
    const node = await boot();
    await makeAdmin(node, "ada@example.org");
    await makeAdmin(node, "eve@example.org", false);
    await pump(node, 21, "+4915123");
    for (let knocks = 0; knocks < 3; knocks++) {
      const rejected = await requestCode(node, newNumber("+4915123"));
      expect(said(rejected)).toEqual([503, "sms_paused"]);
      expect(Number(rejected.headers.get("retry-after"))).toBeGreaterThan(3_000);
    }
    expect(await entries()).toMatchObject([
      { subjectType: "phone_prefix", subjectId: null, data: { reason: "prefix", prefix: "+491512" } },
    ]);
    expect(warnings(node)).toBe(1);
    expect(node.deps.outbox?.list("ada@example.org")).toHaveLength(1);
    expect(node.deps.outbox?.list("eve@example.org")).toHaveLength(0);
    // Other prefixes are not affected, and the pause ends automatically.
    expect((await requestCode(node, newNumber("+33612"))).status).toBe(202);
    clock.advance(HOUR + MINUTE);
    expect((await requestCode(node, newNumber("+4915123"))).status).toBe(202);
  }, 60_000);

  it("continue if a fifth is confirmed, and are paused if fewer are", async () => {
    const node = await boot();
    await pump(node, 21, "+4915123", 5);
    expect((await requestCode(node, newNumber("+4915123"))).status).toBe(202);
    await pump(node, 21, "+33612", 4);
    expect(said(await requestCode(node, newNumber("+33612")))).toEqual([503, "sms_paused"]);
  }, 60_000);

  it("are reported again at the next pause", async () => {
    const node = await boot();
    await pump(node, 21, "+4915123");
    expect((await requestCode(node, newNumber("+4915123"))).status).toBe(503);
    clock.advance(HOUR + MINUTE);
    await pump(node, 21, "+4915123");
    expect((await requestCode(node, newNumber("+4915123"))).status).toBe(503);
    expect(await entries()).toHaveLength(2);
    expect(warnings(node)).toBe(2);
  }, 60_000);

  it("have a higher limit if the limits are scaled for a load test", async () => {
    const node = await boot({}, 1_000);
    await pump(node, 25, "+4915123");
  }, 60_000);
});

describe("daily SMS budget", () => {
  it("pauses all text messages until midnight once it is spent, and is reported once", async () => {
    const node = await boot({ SMS_DAILY_BUDGET: "3" });
    await makeAdmin(node, "ada@example.org");
    // Keep all of it on one day, whatever the current time is.
    clock.advance(DAY - (clock.now().getTime() % DAY) + HOUR);
    await pump(node, 3, "+4915123");
    for (let knocks = 0; knocks < 2; knocks++) {
      const rejected = await requestCode(node, newNumber("+33612"));
      expect(said(rejected)).toEqual([503, "sms_paused"]);
      expect(Math.abs(Number(rejected.body.retryAfterMs) - 23 * HOUR)).toBeLessThan(MINUTE);
    }
    expect(await entries()).toMatchObject([{ data: { reason: "daily_budget" } }]);
    expect([warnings(node), node.deps.outbox?.list("ada@example.org").length]).toEqual([1, 1]);
    clock.advance(23 * HOUR + MINUTE);
    expect((await requestCode(node, newNumber("+4915123"))).status).toBe(202);
  });

  it("is enforced for concurrent requests", async () => {
    const node = await boot({ SMS_DAILY_BUDGET: "4" });
    const answers = await Promise.all(Array.from({ length: 12 }, () => requestCode(node, newNumber("+4915123"))));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(4).fill(202), ...Array<number>(8).fill(503)]);
    expect(await entries()).toHaveLength(1);
  });

  it("of zero disables text messages", async () => {
    const node = await boot({ SMS_DAILY_BUDGET: "0" });
    expect(said(await requestCode(node, newNumber()))).toEqual([503, "sms_paused"]);
  });
});

describe("daily SMS budget under attack", () => {
  const PREFIXES = ["+4915123", "+33612", "+34612", "+436641", "+32470", "+351912"];

  it("cannot be spent by a few networks: once half of it is spent, each network gets at most two unconfirmed texts", async () => {
    const node = await boot({ SMS_DAILY_BUDGET: "100" });
    clock.advance(DAY - (clock.now().getTime() % DAY) + HOUR);
    const statuses: number[] = [];
    for (let asked = 0; asked < 125; asked++) {
      const headers = { "x-forwarded-for": `172.20.${Math.floor(asked / 5)}.1` };
      statuses.push((await requestCode(node, newNumber(PREFIXES[asked % PREFIXES.length]), { headers })).status);
    }
    // 80 texts are available to all: 40 went to the first eight networks, and two to each of the other 17.
    expect([statuses.filter((status) => status === 202).length, statuses.includes(503)]).toEqual([74, false]);
    expect((await requestCode(node, newNumber("+33612"))).status).toBe(202);
  }, 60_000);

  it("reserves a fifth for password resets, and the response does not reveal whether an account has the number", async () => {
    const node = await boot({ SMS_DAILY_BUDGET: "10" });
    await makeAdmin(node, "ada@example.org");
    clock.advance(DAY - (clock.now().getTime() % DAY) + HOUR);
    const owned = async (): Promise<string> => {
      const number = newNumber("+33612");
      const { id: userId } = await makeMember(node.services);
      await setContact(node.services, { userId, kind: "phone", value: number, isVerified: true });
      return number;
    };
    const known = await owned();
    const unknown = newNumber("+33612");
    await pump(node, 8, "+4915123");
    for (const number of [known, unknown]) expect(said(await requestCode(node, number))).toEqual([503, "sms_paused"]);
    const ask = (number: string) => requestCode(node, number, { purpose: "reset" });
    const answers = [await ask(unknown), await ask(known)];
    const shape = ({ status, headers, body }: (typeof answers)[number]) => {
      return [status, [...headers.keys()].sort(), { ...body, verificationId: String(body.verificationId).length }];
    };
    expect(answers[0]?.status).toBe(202);
    expect(answers.map(shape)).toEqual([shape(answers[0] as (typeof answers)[number]), shape(answers[0] as (typeof answers)[number])]);
    await vi.waitFor(() => expect(node.deps.outbox?.list(known)).toHaveLength(1));
    expect(node.deps.outbox?.list(unknown)).toEqual([]);
    expect((await confirmCode(node, answers[1]?.body.verificationId, sentCode(node, known))).status).toBe(200);
    // The second and last text of the reserve; after that none is sent, with the same response.
    const second = await owned();
    const third = await owned();
    await ask(second);
    await vi.waitFor(() => expect(node.deps.outbox?.list(second)).toHaveLength(1));
    const first = await ask(third);
    clock.advance(MINUTE);
    expect(shape(await ask(third))[0]).toBe(202);
    await vi.waitFor(async () => {
      const row = await database.db.phoneVerification.findUniqueOrThrow({ where: { id: String(first.body.verificationId) } });
      expect(row.replacedAt).not.toBeNull();
    });
    expect(node.deps.outbox?.list(third)).toEqual([]);
    expect(await database.db.smsBudget.findMany()).toMatchObject([{ sent: 8, reserveSent: 2 }]);
    expect(await entries()).toMatchObject([{ data: { reason: "daily_budget" } }]);
  });

  it("sends a reset code to an account's owner from the reserve while texts to the prefix are paused", async () => {
    const node = await boot();
    const number = newNumber("+4915123");
    const { id: userId } = await makeMember(node.services);
    await setContact(node.services, { userId, kind: "phone", value: number, isVerified: true });
    await pump(node, 21, "+4915123");
    expect(said(await requestCode(node, newNumber("+4915123")))).toEqual([503, "sms_paused"]);
    const { status, body } = await requestCode(node, number, { purpose: "reset" });
    expect(status).toBe(202);
    await vi.waitFor(() => expect(node.deps.outbox?.list(number)).toHaveLength(1));
    expect((await confirmCode(node, body.verificationId, sentCode(node, number))).status).toBe(200);
  }, 60_000);
});

describe("site configuration", () => {
  it("without phone numbers at sign-up sends no codes", async () => {
    const rejected = await requestCode(await boot({ SIGNUP_PHONE: "off" }), newNumber());
    expect(said(rejected)).toEqual([503, "sms_unavailable"]);
    expect(Number(rejected.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await requestCode(await boot({ SIGNUP_PHONE: "optional" }), newNumber())).status).toBe(202);
  });
});

describe("SMS provider", () => {
  let provider: FakeTwilio;
  beforeEach(async () => {
    provider = await fakeTwilio();
  });
  afterEach(() => provider.close());

  const { accountSid, authToken, from } = TWILIO_ACCOUNT;
  const bootWithProvider = () =>
    boot({
      SMS_PROVIDER: "twilio",
      TWILIO_ACCOUNT_SID: accountSid,
      TWILIO_AUTH_TOKEN: authToken,
      TWILIO_FROM: from,
      TWILIO_API_URL: provider.url,
    });

  it("outage blocks users only while it lasts: unsent text messages do not count", async () => {
    const node = await bootWithProvider();
    const number = newNumber();
    provider.behave(refuses(503, 20503));
    for (let tries = 0; tries < 2; tries++) {
      const rejected = await requestCode(node, number);
      expect(said(rejected)).toEqual([503, "sms_unavailable"]);
      expect(rejected.headers.get("retry-after")).toBe("30");
    }
    expect(await database.db.phoneVerification.count()).toBe(0);
    provider.behave(takes);
    const { status, body } = await requestCode(node, number);
    expect(status).toBe(202);
    const code = /\d{6}/.exec(provider.asked.at(-1)?.form.Body ?? "")?.[0];
    expect((await confirmCode(node, body.verificationId, code)).status).toBe(200);
    expect(node.log.join("")).not.toContain(number.slice(1));
  });

  it("failure keeps the former code valid, and a successful retry replaces it", async () => {
    const node = await bootWithProvider();
    const number = newNumber();
    const codeOf = (): string => /\d{6}/.exec(provider.asked.at(-1)?.form.Body ?? "")?.[0] ?? "";
    const first = await requestCode(node, number);
    const firstCode = codeOf();
    clock.advance(MINUTE);
    provider.behave(refuses(500, 20500));
    expect((await requestCode(node, number)).status).toBe(503);
    expect((await confirmCode(node, first.body.verificationId, firstCode)).status).toBe(200);
    provider.behave(takes);
    const second = await requestCode(node, number);
    const secondCode = codeOf();
    clock.advance(MINUTE);
    await requestCode(node, number);
    expect(said(await confirmCode(node, second.body.verificationId, secondCode))).toEqual([410, "code_expired"]);
  });

  it("may reject a number as invalid", async () => {
    const node = await bootWithProvider();
    provider.behave(refuses(400, 21614));
    expect(said(await requestCode(node, newNumber()))).toEqual([422, "phone_not_allowed"]);
    expect(await database.db.phoneVerification.count()).toBe(0);
  });
});
