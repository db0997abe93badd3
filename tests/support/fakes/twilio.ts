import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export const TWILIO_ACCOUNT = {
  accountSid: `AC${"0123456789abcdef".repeat(2)}`,
  authToken: "f0e1d2c3b4a5968778695a4b3c2d1e0f",
  from: "+15005550006",
};

/** A request that the fake received: one message to be sent. */
export type Asked = { readonly path: string; readonly authorization: string | undefined; readonly form: Record<string, string> };

/** How the fake answers the next calls. */
export type Mood = (res: ServerResponse, asked: Asked) => void;

export type FakeTwilio = {
  readonly url: string;
  readonly asked: Asked[];
  /** Sets how it answers from now on; it accepts messages by default. */
  behave(mood: Mood): void;
  close(): Promise<void>;
};

const json = (res: ServerResponse, status: number, body: unknown): void => {
  res.writeHead(status, { "content-type": "application/json;charset=utf-8" }).end(JSON.stringify(body));
};

/** Accepts a message, with the answer of Twilio's API. */
export const takes: Mood = (res, { form }) =>
  json(res, 201, {
    sid: `SM${"a1b2c3d4".repeat(4)}`,
    account_sid: TWILIO_ACCOUNT.accountSid,
    api_version: "2010-04-01",
    to: form.To,
    from: form.From ?? null,
    messaging_service_sid: form.MessagingServiceSid ?? null,
    body: form.Body,
    status: "queued",
    direction: "outbound-api",
    num_segments: "1",
    num_media: "0",
    price: null,
    price_unit: "USD",
    error_code: null,
    error_message: null,
    date_created: "Fri, 24 Oct 2025 08:00:00 +0000",
    date_updated: "Fri, 24 Oct 2025 08:00:00 +0000",
    date_sent: null,
    uri: "/2010-04-01/Accounts/x/Messages/y.json",
    subresource_uris: {},
  });

/** Rejects a message as Twilio's API does: the number is part of the text. */
export const refuses =
  (status: number, code: number): Mood =>
  (res, { form }) =>
    json(res, status, {
      code,
      message: `The 'To' number ${form.To} was refused.`,
      more_info: `https://www.twilio.com/docs/errors/${code}`,
      status,
    });

async function read(req: IncomingMessage): Promise<Asked> {
  const form = Object.fromEntries(new URLSearchParams(await text(req)));
  return { path: `${req.method} ${req.url}`, authorization: req.headers.authorization, form };
}

/** Starts a server on loopback with the part of Twilio's API that sends messages. */
export async function fakeTwilio(): Promise<FakeTwilio> {
  const asked: Asked[] = [];
  let mood = takes;
  const server = createServer((req, res) => {
    void read(req).then((one) => {
      asked.push(one);
      mood(res, one);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    behave(next) {
      mood = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
