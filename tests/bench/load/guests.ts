import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { SessionDto } from "../../../utils/contract/schemas/auth.ts";

type Call = { method: string; path: string; headers?: Record<string, string>; body?: unknown };

type Answer = { status: number; headers: IncomingHttpHeaders; text: string };

export type Rest = { call: (call: Call) => Promise<Answer>; close: () => void };

/** Creates a REST client with keep-alive connections. `from` is its loopback address. */
export function openRest(port: number, { connections, from = "127.0.0.1" }: { connections: number; from?: string }): Rest {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const call = ({ method, path, headers = {}, body }: Call): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const bytes = body === undefined ? null : Buffer.from(JSON.stringify(body));
      const length = bytes && { "content-type": "application/json", "content-length": String(bytes.length) };
      const req = request(
        { agent, host: "127.0.0.1", localAddress: from, port, method, path, headers: { ...headers, ...length } },
        (res) => {
          const chunks: Buffer[] = [];
          res.on("data", (chunk: Buffer) => chunks.push(chunk));
          res.on("end", () => resolve({ status: res.statusCode ?? 0, headers: res.headers, text: Buffer.concat(chunks).toString("utf8") }));
          res.on("error", reject);
        },
      );
      req.on("error", reject);
      req.end(bytes ?? undefined);
    });
  return { call, close: () => agent.destroy() };
}

const CONNECTIONS = 8;
const RETRIES = 10;

/** Guests per address and hour while the limits are raised a thousandfold. */
const GUESTS_OF_ADDRESS = 2_500;

/** Every batch comes from a new loopback address. */
let addressesUsed = 0;

async function makeBatch(port: number, amount: number): Promise<string[]> {
  addressesUsed += 1;
  const rest = openRest(port, { connections: CONNECTIONS, from: `127.0.${addressesUsed}.1` });
  const { headers, text } = await rest.call({ method: "GET", path: "/api/auth/csrf" });
  const cookie = (headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");
  const proof = { cookie, "x-csrf-token": (JSON.parse(text) as { csrfToken: string }).csrfToken };
  const tokens: string[] = [];
  const worker = async (): Promise<void> => {
    while (amount > 0) {
      amount -= 1;
      let answer = await rest.call({ method: "POST", path: "/api/auth/guest", headers: proof, body: {} });
      // A busy machine can make a newly started server answer 503.
      for (let tries = 0; answer.status === 503 && tries < RETRIES; tries += 1) {
        await pause(1_000);
        answer = await rest.call({ method: "POST", path: "/api/auth/guest", headers: proof, body: {} });
      }
      if (answer.status !== 201) throw new Error(`a guest was refused: ${answer.text.slice(0, 300)}`);
      tokens.push((JSON.parse(answer.text) as SessionDto).accessToken);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker)).finally(rest.close);
  return tokens;
}

/** Creates guests over REST, as a browser would, and returns their access tokens. */
export async function makeGuests(port: number, amount: number): Promise<string[]> {
  const tokens: string[] = [];
  while (tokens.length < amount) tokens.push(...(await makeBatch(port, Math.min(GUESTS_OF_ADDRESS, amount - tokens.length))));
  return tokens;
}

/** Returns the id of the guest that an access token belongs to. */
export const subjectOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")) as { sub: string }).sub;
