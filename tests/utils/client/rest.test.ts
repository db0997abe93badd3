import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { createAsk } from "../../../utils/client/rest.ts";
import { clientTimeoutOf } from "../../../utils/contract/timeouts.ts";

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((_req, res) => void res.setHeader("Content-Type", "application/json").end(JSON.stringify({ csrfToken: "token" })));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => void vi.restoreAllMocks());
afterAll(() => void server.close());

it("a REST call: uses the timeout of its operation, and its own timeout for the CSRF token before it", async () => {
  const timeout = vi.spyOn(AbortSignal, "timeout");
  const ask = createAsk(url, { token: "token", renew: async () => null, banned: () => undefined });
  await ask("getMe", "/api/auth/me", { bearer: true });
  await ask("signIn", "/api/auth/signin", { method: "POST", body: {}, csrf: true });
  expect(timeout.mock.calls.map(([ms]) => ms)).toEqual(["getMe", "getCsrfToken", "signIn"].map((name) => clientTimeoutOf(name as "getMe")));
  expect(clientTimeoutOf("signIn")).toBeGreaterThan(clientTimeoutOf("getMe"));
});
