import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTwilio } from "../../../services/adapters/sms/twilio.ts";
import { AppError } from "../../../utils/errors.ts";
import { type FakeTwilio, fakeTwilio, type Mood, refuses, TWILIO_ACCOUNT } from "../../support/fakes/twilio.ts";

const TO = "+4915123456789";
const SMS = { to: TO, text: "123456 is your code & more: äöü, عربي" };

let provider: FakeTwilio;
let warnings: unknown[];
beforeEach(async () => {
  provider = await fakeTwilio();
  warnings = [];
});
afterEach(() => provider.close());

const logger = { warn: (...entry: unknown[]) => void warnings.push(entry) } as never;
const portOf = (over: Partial<Parameters<typeof createTwilio>[0]> = {}) =>
  createTwilio({ ...TWILIO_ACCOUNT, apiUrl: provider.url, logger, ...over });

async function errorOf(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error("It was not refused as it should be.", { cause: error });
  return error;
}

describe("sending a text message through Twilio", () => {
  it("posts a form to the account's messages, authenticated with the account's token", async () => {
    await portOf().send(SMS);
    const { accountSid, authToken, from } = TWILIO_ACCOUNT;
    expect(provider.asked).toEqual([
      {
        path: `POST /2010-04-01/Accounts/${accountSid}/Messages.json`,
        authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`,
        form: { To: TO, From: from, Body: SMS.text },
      },
    ]);
  });

  it("uses a messaging service if one is configured", async () => {
    const service = `MG${"0123456789abcdef".repeat(2)}`;
    await portOf({ from: service }).send(SMS);
    expect(provider.asked[0]?.form).toEqual({ To: TO, MessagingServiceSid: service, Body: SMS.text });
  });

  it.each([21211, 21408, 21610, 21612, 21614])("rejects with phone_not_allowed on Twilio's error %i about the number", async (code) => {
    provider.behave(refuses(400, code));
    expect((await errorOf(portOf().send(SMS))).code).toBe("phone_not_allowed");
    expect(warnings).toEqual([]);
  });

  const temporary: Record<string, Mood> = {
    "Twilio is asked too often": refuses(429, 20429),
    "Twilio knows the account no more": refuses(401, 20003),
    "Twilio fails": refuses(500, 20500),
    "something before Twilio fails": (res) => void res.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad gateway</h1>"),
    "Twilio answers nothing readable": (res) => void res.writeHead(503).end(),
    "the line breaks": (res) => void res.destroy(),
  };
  it.each(Object.entries(temporary))("rejects with sms_unavailable when %s, and logs the cause without the number", async (_why, mood) => {
    provider.behave(mood);
    const rejection = await errorOf(portOf().send(SMS));
    expect([rejection.code, rejection.data, rejection.cause]).toEqual(["sms_unavailable", { retryAfterMs: 30_000 }, undefined]);
    expect(warnings).toHaveLength(1);
    expect(JSON.stringify(warnings)).not.toMatch(/4915123456789|123456|f0e1d2c3/);
    provider.behave(refuses(400, 21610));
    expect((await errorOf(portOf().send(SMS))).code).toBe("phone_not_allowed");
  });

  it("after three failures in a row: stops calling the provider and reports it as not working", async () => {
    provider.behave(refuses(500, 20500));
    const port = portOf();
    for (let message = 0; message < 5; message++)
      expect(await errorOf(port.send(SMS))).toMatchObject({ code: "sms_unavailable", data: { retryAfterMs: 30_000 } });
    expect(provider.asked).toHaveLength(3);
    expect(port.isWorking()).toBe(false);
  });

  it("after rejected numbers: keeps calling the provider and reports it as working", async () => {
    provider.behave(refuses(400, 21211));
    const port = portOf();
    for (let message = 0; message < 5; message++) expect((await errorOf(port.send(SMS))).code).toBe("phone_not_allowed");
    expect([provider.asked.length, port.isWorking()]).toEqual([5, true]);
  });

  it("rejects with sms_unavailable when the connection fails", async () => {
    const port = portOf({ apiUrl: "http://127.0.0.1:9" });
    expect((await errorOf(port.send(SMS))).code).toBe("sms_unavailable");
  });

  it.each<[string, Mood]>([
    ["is silent", () => undefined],
    [
      "answers a byte at a time",
      (res) => {
        res.writeHead(201, { "content-type": "application/json" });
        const timer = setInterval(() => res.write(" "), 40);
        res.on("close", () => clearInterval(timer));
      },
    ],
  ])("times out when Twilio %s", async (_how, mood) => {
    provider.behave(mood);
    const startedAt = performance.now();
    expect((await errorOf(portOf({ limitMs: 300 }).send(SMS))).code).toBe("sms_unavailable");
    expect(performance.now() - startedAt).toBeLessThan(2_500);
  });
});
