import { createHmac, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type Clock, systemClock } from "../../../utils/clock.ts";

/** A request that the classifier accepted: its signature and its time are right. */
export type Asked = {
  readonly id: string;
  readonly type: string;
  readonly sentAt: string;
  readonly message?: { readonly roomId: string; readonly text: string; readonly languageCode: string | null; readonly author: object };
  readonly case?: Record<string, unknown>;
  readonly action?: Record<string, unknown>;
};

type Behavior = (res: ServerResponse, asked: Asked) => void;

export type FakeClassifier = {
  readonly url: string;
  readonly secret: string;
  /** The accepted requests, in order. */
  readonly asked: Asked[];
  /** How many requests were rejected because of their signature. */
  rejected(): number;
  behave(next: Behavior): void;
  close(): Promise<void>;
};

const TOLERANCE_MS = 300_000;
const SECRET = "Kq7w-2vRt9-Xn4bLz8Hc-5sGf1Jd6-Mp3yVu0E";

const answer = (res: ServerResponse, status: number, body: unknown): void => {
  res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
};

/** Answers with a verdict. */
export const decides =
  (outcome: string, reason?: string): Behavior =>
  (res) =>
    answer(res, 200, { outcome, ...(reason !== undefined && { reason }) });

export const allows = decides("allow");

/** Answers with a status and any body. */
export const answers =
  (status: number, body: unknown = {}): Behavior =>
  (res) =>
    answer(res, status, body);

/** Never answers. */
export const hangs: Behavior = () => undefined;

/** Sends the head and a part of the answer, but never its end. */
export const stalls: Behavior = (res) => void res.writeHead(200).write('{"outcome":');

/** Verifies a request as docs/moderation.md describes. */
function isGenuine(req: IncomingMessage, body: string, now: Date): boolean {
  const timestamp = String(req.headers["x-chatroom-timestamp"]);
  const wanted = Buffer.from(`v1=${createHmac("sha256", SECRET).update(`${timestamp}.${body}`).digest("hex")}`);
  const given = Buffer.from(String(req.headers["x-chatroom-signature"]));
  return (
    given.length === wanted.length && timingSafeEqual(given, wanted) && Math.abs(now.getTime() - Number(timestamp) * 1_000) < TOLERANCE_MS
  );
}

/**
 * Starts a classifier on loopback that verifies signatures and answers as configured; it allows messages by default. `now` is its clock.
 */
export async function fakeClassifier(now: Clock = systemClock): Promise<FakeClassifier> {
  const asked: Asked[] = [];
  let behavior = allows;
  let rejected = 0;
  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await text(req);
    if (req.method !== "POST" || !isGenuine(req, body, now())) {
      rejected += 1;
      return answer(res, 401, { error: "invalid signature" });
    }
    const one = JSON.parse(body) as Asked;
    asked.push(one);
    behavior(res, one);
  }
  const server = createServer((req, res) => void handle(req, res));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    secret: SECRET,
    asked,
    rejected: () => rejected,
    behave(next) {
      behavior = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
