import { describe, expect, it } from "vitest";
import { createOutbox } from "../../../services/adapters/dev-message-sink.ts";
import { openMail } from "../../../services/adapters/mail/open.ts";
import { openSms } from "../../../services/adapters/sms/open.ts";
import { loadConfig } from "../../../utils/config.ts";

const SECRET = "n3Vq8sLw0yTz5KcR1uXb7HgJ4mPd9FaEo2iQ6tWv";
const production = { NODE_ENV: "production", APP_SECRET: SECRET, DATA_KEY: SECRET, PUBLIC_URL: "https://chat.test", TRUST_PROXY: "1" };

async function messagesIn(env: NodeJS.ProcessEnv) {
  const lines: string[] = [];
  const logger = { info: (line: string) => void lines.push(line), warn: () => undefined } as never;
  const config = loadConfig(env);
  const outbox = createOutbox(() => new Date());
  await openSms(config, { outbox, logger })?.send({ to: "+4915123456789", text: "123456 is your code", code: "123456" });
  openMail(config, { outbox, logger })?.post({
    to: "ann@example.org",
    subject: "Hello",
    text: "One\nTwo\n",
    html: "<p>One</p>",
    code: "abc",
  });
  return { lines, items: outbox.list() };
}

describe("delivering messages to people", () => {
  it("in development: stores them in the outbox and logs them", async () => {
    const { lines, items } = await messagesIn({ NODE_ENV: "development" });
    expect(lines).toEqual([
      "outbox: a text message to +4915123456789: 123456 is your code",
      "outbox: a mail to ann@example.org: Hello | One Two",
    ]);
    expect(items).toMatchObject([
      { channel: "mail", to: "ann@example.org", text: "One\nTwo\n", code: "abc" },
      { channel: "sms", to: "+4915123456789", code: "123456" },
    ]);
  });

  it("in tests and production: logs nothing, and without a provider sends nothing", async () => {
    const inTest = await messagesIn({ NODE_ENV: "test" });
    expect([inTest.lines, inTest.items.length]).toEqual([[], 2]);
    const inProduction = await messagesIn(production);
    expect(inProduction).toEqual({ lines: [], items: [] });
  });
});
