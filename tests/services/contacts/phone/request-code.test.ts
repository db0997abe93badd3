import { EventEmitter, once } from "node:events";
import { beforeEach, describe, expect, it } from "vitest";
import type { SmsPort } from "../../../../services/adapters/sms/port.ts";
import { requestPhoneCode } from "../../../../services/contacts/phone/request-code.ts";
import { budgetsOf, type SendHistory, verdictOnSending } from "../../../../services/contacts/phone/sms-budgets.ts";
import type { OpenCtx } from "../../../../services/context.ts";
import { AppError } from "../../../../utils/errors.ts";
import { strangerCtx } from "../../../support/ctx.ts";
import { newNumber } from "../../../support/fakes/phones.ts";
import { appForFile } from "../../../support/for-file.ts";

const { app: node, database } = await appForFile({ limitsScale: 1, env: { SMS_DAILY_BUDGET: "100000" } });

beforeEach(() => database.db.phoneVerification.deleteMany());

/** Creates a promise that resolves when `open` is called. */
function latch(): { readonly passed: Promise<void>; open(): void } {
  const emitter = new EventEmitter();
  return { passed: once(emitter, "open").then(() => undefined), open: () => void emitter.emit("open") };
}

let network = 0;

/** Returns the context of a call from a network that has not called before. */
function call(over: Partial<OpenCtx> = {}): OpenCtx {
  network += 1;
  const stranger = strangerCtx(node.services);
  return { ...stranger, origin: { ...stranger.origin, address: `10.${network >> 8}.${network & 255}.1` }, ...over };
}

const request = (ctx: OpenCtx, phoneNumber: string) => requestPhoneCode(ctx, { phoneNumber, purpose: "signup" });
const codeOf = (error: unknown): unknown => (error instanceof AppError ? error.code : error);

describe("requesting many codes at once", () => {
  it("300 for different numbers from different networks: answers each request without a database error", async () => {
    const prefixes = ["+4915123", "+33612", "+34612", "+436641", "+32470", "+5511961", "+351912", "+41761"];
    const numbers = Array.from({ length: 300 }, (_, index) => newNumber(prefixes[index % prefixes.length]));
    const outcomes = await Promise.allSettled(numbers.map((number) => request(call(), number)));
    const errors = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [codeOf(outcome.reason)] : []));
    expect(new Set(errors)).toEqual(new Set(["sms_paused"]));
    // 21 for each group of numbers.
    expect(outcomes.length - errors.length).toBe(168);
  }, 60_000);

  it("for one group of numbers: sends at most 21", async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 60 }, () => request(call(), newNumber("+4915555"))));
    const errors = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [codeOf(outcome.reason)] : []));
    expect([outcomes.length - errors.length, new Set(errors)]).toEqual([21, new Set(["sms_paused"])]);
    expect(await database.db.phoneVerification.count()).toBe(21);
  }, 60_000);

  it("while a text is being sent: holds no lock, so other requests are answered", async () => {
    const started = latch();
    const released = latch();
    const port: SmsPort = {
      async send() {
        started.open();
        await released.passed;
      },
      isWorking: () => true,
    };
    const waiting = request(call({ sms: port }), newNumber("+4915777"));
    await started.passed;
    const { rows } = await database.pool.query<{ locks: number; open: number }>(`
      SELECT (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS locks,
        (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND application_name = 'chatroom') AS open`);
    expect(rows).toEqual([{ locks: 0, open: 0 }]);
    expect(await request(call(), newNumber("+4915777"))).toMatchObject({ resendInMs: 30_000 });
    released.open();
    expect(await waiting).toMatchObject({ resendInMs: 30_000 });
  });

  it("a request for one number waits for no other number", async () => {
    const held = newNumber("+4915777");
    const free = newNumber("+33777");
    const blindIndex = Buffer.from(node.services.vault.blindIndex("phone", held));
    const client = await database.pool.connect();
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock(hashtextextended('phone number ' || encode($1::bytea, 'hex'), 0))", [blindIndex]);
    let isDone = false;
    const waiting = request(call(), held).finally(() => {
      isDone = true;
    });
    expect(await request(call(), free)).toMatchObject({ resendInMs: 30_000 });
    expect(isDone).toBe(false);
    await client.query("ROLLBACK");
    client.release();
    expect(await waiting).toMatchObject({ resendInMs: 30_000 });
  });
});

describe("deciding whether to send a text", () => {
  const now = new Date("2026-03-01T12:00:00Z");
  const rules = { smsDailyBudget: 500, limitsScale: 1 };
  const minutesAgo = (count: number, minutes: number): Date[] => Array(count).fill(new Date(now.getTime() - minutes * 60_000)) as Date[];
  const nothing: SendHistory = {
    toNumber: [],
    fromNetwork: [],
    fromNetworkConfirmed: 0,
    toPrefix: 0,
    toPrefixConfirmed: 0,
    oldestToPrefix: null,
    newestToPrefix: null,
    toCountry: 0,
    toCountryConfirmed: 0,
    spent: 0,
  };
  const decide = (history: Partial<SendHistory>) => verdictOnSending({ ...nothing, ...history }, { rules, now });

  it("reserves a fifth of the budget", () => {
    expect(budgetsOf(rules)).toEqual({ open: 400, reserve: 100 });
    expect(decide({ spent: 399 })).toMatchObject({ kind: "allowed" });
    expect(decide({ spent: 400 })).toMatchObject({ kind: "paused", reason: "daily_budget", retryAfterMs: 12 * 3_600_000 });
  });

  it("allows a network 20 unconfirmed texts a day plus one for each confirmed text, and only two once half the budget is spent", () => {
    const from = (count: number, confirmed: number, spent = 0) =>
      decide({ fromNetwork: minutesAgo(count, 60), fromNetworkConfirmed: confirmed, spent }).kind;
    expect([from(19, 0), from(20, 0), from(20, 1), from(21, 1)]).toEqual(["allowed", "too_soon", "allowed", "too_soon"]);
    expect([from(2, 0, 199), from(2, 0, 200), from(2, 1, 200), from(1, 0, 200)]).toEqual(["allowed", "too_soon", "allowed", "allowed"]);
    expect(decide({ fromNetwork: minutesAgo(20, 60) })).toMatchObject({ retryAfterMs: 23 * 3_600_000 });
  });

  it("pauses a country at three quarters of the open budget unless a fifth is confirmed", () => {
    const to = (toCountry: number, toCountryConfirmed: number) => decide({ toCountry, toCountryConfirmed });
    expect(to(299, 0)).toMatchObject({ kind: "allowed" });
    expect(to(300, 59)).toMatchObject({ kind: "paused", reason: "country", retryAfterMs: 12 * 3_600_000 });
    expect(to(300, 60)).toMatchObject({ kind: "allowed" });
  });
});
