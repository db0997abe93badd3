import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { send } from "../support/client.ts";
import { takeFaults, watchAck, watchAnswers, watchEvent, watchRejection } from "../support/conformance/conformance.ts";

type Answer = { readonly status?: number; readonly headers?: Record<string, string>; readonly body: object };

let answer: Answer;
let server: Server;
let url: string;

beforeEach(async () => {
  server = createServer((_request, response) => {
    response.statusCode = answer.status ?? 200;
    for (const [name, value] of Object.entries({ "content-type": "application/json", ...answer.headers })) response.setHeader(name, value);
    response.end(JSON.stringify(answer.body));
  });
  watchAnswers(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => void server.close());

const ID = { "x-request-id": "one" };

describe("checking answers against the API documents", () => {
  it.each<[string, Answer, RegExp]>([
    ["a property that no document lists", { headers: ID, body: { status: "ok", extra: 1 } }, /extra/],
    ["a value that is not described", { headers: ID, body: { status: "fine" } }, /status/],
    ["a header that is missing", { body: { status: "ok" } }, /X-Request-Id is missing/],
    ["a status that is not described", { status: 418, headers: ID, body: {} }, /the status 418 is not described/],
  ])("reports %s", async (_what, given, fault) => {
    answer = given;
    await send(`${url}/health`, "GET");
    expect(takeFaults().join("\n")).toMatch(fault);
  });

  it("accepts an answer that matches", async () => {
    answer = { headers: ID, body: { status: "ok" } };
    await send(`${url}/health`, "GET");
    expect(takeFaults()).toEqual([]);
  });
});

it("checking acks and events against the API documents: reports unknown properties and codes", () => {
  watchAck("leave_room", { roomId: crypto.randomUUID() }, { ok: true, data: { extra: 1 } });
  watchAck("leave_room", {}, { ok: false, error: { code: "room_full" } });
  watchEvent("server_draining", { reconnectAfterMs: 500, extra: 1 });
  watchEvent("server_sneezed", {});
  watchRejection({ code: "unauthenticated" });
  expect(takeFaults()).toHaveLength(5);
  watchEvent("server_draining", { reconnectAfterMs: 500 });
  expect(takeFaults()).toEqual([]);
});
