import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express, { Router } from "express";
import { describe, expect, it } from "vitest";
import { errors } from "../../../middleware/errors.ts";
import { allowedMethods } from "../../../routes/allowed-methods.ts";
import { otherEndpoints } from "../../../utils/contract/docs/other-endpoints.ts";
import { type Operation, operations } from "../../../utils/contract/operations/index.ts";
import { newId } from "../../../utils/ids.ts";
import { send } from "../../support/client.ts";
import { expectError } from "../../support/expect.ts";
import { appForFile } from "../../support/for-file.ts";

const ALLOWED_ORIGIN = "https://partner.example";
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE"];

const documents = ["/api/openapi.json", "/api/asyncapi.json", "/api/docs", "/api/docs.css"];
const endpoints = [
  ...Object.values<Operation>(operations),
  ...[...Object.values(otherEndpoints).map(({ path }) => path), ...documents].map((path) => ({ path, method: "get" })),
];

/** Returns the methods of a path from every documented endpoint that matches: `/api/users/me` also matches `/api/users/:userId`. */
const methodsOf = (path: string): Set<string> =>
  new Set([
    "OPTIONS",
    ...endpoints
      .filter((endpoint) => new RegExp(`^${endpoint.path.replace(/:\w+/g, "[^/]+")}$`).test(path))
      .flatMap(({ method }) => (method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()])),
  ]);

const paths = [...new Set(endpoints.map(({ path }) => path))]
  .map((path) => path.replace(/:\w+/g, newId))
  .map((path) => ({ path, methods: methodsOf(path) }));

const { app } = await appForFile({ env: { CORS_ORIGINS: ALLOWED_ORIGIN } });

describe("known path", () => {
  it("responds to every other method with 405 and the allowed methods, without using up a rate limit", async () => {
    for (const { path, methods } of paths) {
      for (const method of METHODS.filter((one) => !methods.has(one))) {
        const answer = await send(`${app.url}${path}`, method);
        expect({ method, path, status: answer.status, allow: answer.headers.allow }).toEqual({
          method,
          path,
          status: 405,
          allow: [...methods].sort().join(", "),
        });
        if (method === "HEAD") continue;
        expect(answer.body).toMatchObject({ code: "method_not_allowed", status: 405 });
        expect(answer.headers).not.toHaveProperty("ratelimit-limit");
      }
    }
  });

  it("responds to OPTIONS with 204 and the allowed methods", async () => {
    for (const { path, methods } of paths) {
      const { status, headers, text } = await send(`${app.url}${path}`, "OPTIONS");
      expect({ path, status, allow: headers.allow, text }).toEqual({ path, status: 204, allow: [...methods].sort().join(", "), text: "" });
    }
  });

  it("responds to HEAD like GET, without the body", async () => {
    for (const path of ["/health", "/api/chatroom/lounges", "/api/openapi.json"]) {
      const head = await send(`${app.url}${path}`, "HEAD");
      const get = await send(`${app.url}${path}`, "GET");
      expect([head.status, get.status, head.text]).toEqual([200, 200, ""]);
      expect(head.headers["content-type"]).toBe(get.headers["content-type"]);
    }
    expect((await send(`${app.url}/api/auth/me`, "HEAD")).status).toBe(401);
  });

  it("sends the error with CORS headers to an allowed origin, and responds to its preflight", async () => {
    const headers = { origin: ALLOWED_ORIGIN };
    const rejected = await send(`${app.url}/api/chatroom/lounges`, "DELETE", { headers });
    expectError(rejected, 405, "method_not_allowed");
    expect(rejected.headers["access-control-allow-origin"]).toBe(ALLOWED_ORIGIN);
    const preflight = await send(`${app.url}/api/chatroom/lounges`, "OPTIONS", {
      headers: { ...headers, "access-control-request-method": "GET" },
    });
    expect(preflight).toMatchObject({ status: 204, headers: { "access-control-allow-methods": expect.stringContaining("GET") as string } });
  });
});

describe("unknown path", () => {
  it.each(METHODS)("responds to %s with not found", async (method) => {
    expect((await send(`${app.url}/api/nothing`, method)).status).toBe(404);
    expect((await send(`${app.url}/api/chatroom/lounges/x/y`, method)).status).toBe(404);
  });
});

it("allowed methods of a path: are read from the routes, so that a new route needs no registration", async () => {
  const added = Router()
    .get("/new/:id", (_req, res) => void res.json({}))
    .delete("/new/:id", (_req, res) => void res.json({}));
  const other = Router().patch("/new/one", (_req, res) => void res.json({}));
  const server = createServer(
    express()
      .use(allowedMethods([added, other]), added, other)
      .use(errors({ services: app.services, stopping: new AbortController().signal })),
  ).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const allowOf = async (path: string) => (await send(`${url}${path}`, "PUT")).headers.allow;
  expect(await allowOf("/new/two")).toBe("DELETE, GET, HEAD, OPTIONS");
  expect(await allowOf("/new/one")).toBe("DELETE, GET, HEAD, OPTIONS, PATCH");
  expect((await send(`${url}/new/one`, "PATCH")).status).toBe(200);
  server.close();
});
