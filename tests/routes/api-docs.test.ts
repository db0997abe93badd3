import { createConfig, lintFromString } from "@redocly/openapi-core";
import { beforeAll, describe, expect, it } from "vitest";
import { problemOf } from "../../middleware/errors.ts";
import { exampleHtml, prose, safe, table, typeOf } from "../../routes/docs/html.ts";
import { exampleOf } from "../../utils/contract/docs/examples.ts";
import { guide } from "../../utils/contract/docs/guide.ts";
import { bodyOf, templateOf } from "../../utils/contract/docs/openapi-operation.ts";
import { otherEndpoints } from "../../utils/contract/docs/other-endpoints.ts";
import { type JsonSchema, namedSchemas, objectOf } from "../../utils/contract/docs/schemas.ts";
import { errorCodes } from "../../utils/contract/errors.ts";
import { commands, serverEvents } from "../../utils/contract/events.ts";
import { budgets, caps, limits } from "../../utils/contract/limits.ts";
import { type Operation, operations, operationTags } from "../../utils/contract/operations/index.ts";
import { createRest, type Rest } from "../support/client.ts";
import { appForFile } from "../support/for-file.ts";

let rest: Rest;
let openapi: JsonSchema;
let asyncapi: JsonSchema;

const { app } = await appForFile();

beforeAll(async () => {
  rest = createRest(app.url);
  openapi = (await rest.get<JsonSchema>("/api/openapi.json")).body;
  asyncapi = (await rest.get<JsonSchema>("/api/asyncapi.json")).body;
});

/** Resolves a `#/a/b` reference. */
const follow = (document: JsonSchema, ref: string): unknown =>
  ref
    .slice(2)
    .split("/")
    .reduce<unknown>((value, key) => objectOf(value)[key], document);

function refsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  return Object.entries(objectOf(value)).flatMap(([key, inner]) => (key === "$ref" && typeof inner === "string" ? [inner] : refsIn(inner)));
}

const operationAt = ({ method, path }: Operation): JsonSchema => objectOf(objectOf(objectOf(openapi.paths)[templateOf(path)])[method]);

describe("OpenAPI document", () => {
  it.each(Object.entries<Operation>(operations))("describes %s: inputs, response, errors", (name, operation) => {
    const described = operationAt(operation);
    expect(described).toMatchObject({ operationId: name, summary: operation.summary });
    const parameters = described.parameters as { name: string; in: string; required: boolean }[];
    const inPath = parameters.filter((parameter) => parameter.in === "path");
    expect(inPath.map((parameter) => `{${parameter.name}}`).sort()).toEqual((templateOf(operation.path).match(/\{\w+\}/g) ?? []).sort());
    expect(inPath.every((parameter) => parameter.required)).toBe(true);
    const responses = objectOf(described.responses);
    expect(Object.keys(responses)).toEqual(expect.arrayContaining([String(operation.status), "400", "429", "500", "503"]));
    if (operation.caller === "bearer") expect(responses).toHaveProperty("401");
    if (operation.caller === "csrf") expect(responses).toHaveProperty("403");
  });

  it("describes the probes, the metrics and the export download, and nothing else", () => {
    const described = Object.entries(objectOf(openapi.paths)).flatMap(([path, methods]) =>
      Object.keys(objectOf(methods)).map((method) => `${method} ${path}`),
    );
    const endpoints = [
      ...Object.values<Operation>(operations),
      ...Object.values(otherEndpoints).map(({ path }) => ({ method: "get", path })),
    ];
    expect(described.sort()).toEqual(endpoints.map(({ method, path }) => `${method} ${templateOf(path)}`).sort());
  });

  it("lists every error under the status the server responds with", () => {
    for (const operation of Object.values<Operation>(operations)) {
      for (const [status, response] of Object.entries(objectOf(operationAt(operation).responses))) {
        const codes = errorCodes.filter((code) => String(objectOf(response).description).split(", ").includes(code));
        expect(codes.map((code) => problemOf(code, {}, { requestId: "" }).status)).toEqual(codes.map(() => Number(status)));
      }
    }
  });

  it("documents query parameters as numbers with their bounds", () => {
    expect(operationAt(operations.listMessages).parameters).toContainEqual({
      name: "limit",
      in: "query",
      required: false,
      description: expect.any(String) as string,
      example: 20,
      schema: { type: "integer", minimum: 1, maximum: 100, default: 50 },
    });
  });

  it("omits path ids from the request body, and rejects unknown fields", () => {
    expect(operationAt(operations.sendMessage)).toMatchObject({
      requestBody: {
        required: true,
        content: {
          "application/json": {
            schema: { required: ["clientMessageId"], additionalProperties: false, properties: { text: { type: "string" } } },
          },
        },
      },
    });
    expect(JSON.stringify(operationAt(operations.sendMessage).requestBody)).not.toContain("roomId");
  });
});

describe("OpenAPI document for tools", () => {
  it("passes the recommended linter rules", async () => {
    const config = await createConfig({ extends: ["recommended"] });
    const found = await lintFromString({ source: JSON.stringify(openapi), absoluteRef: "openapi.json", config });
    const faults = found.map(({ ruleId, location }) => `${ruleId} at ${location[0]?.pointer ?? ""}`);
    // The test server runs on localhost, and a liveness probe is never rejected.
    expect(faults).toEqual(["no-server-example.com at #/servers/0/url", "operation-4xx-response at #/paths/~1health/get/responses"]);
  });

  it("has a tag with a description for every operation", () => {
    const tags = (openapi.tags as { name: string; description: string }[]).map(
      ({ name, description }) => [name, description !== ""] as const,
    );
    const known = new Map(tags);
    for (const methods of Object.values(objectOf(openapi.paths)))
      for (const operation of Object.values(objectOf(methods)))
        expect(known.get((objectOf(operation).tags as string[])[0] ?? "")).toBe(true);
    expect(operationTags.flatMap((tag) => tag.operations).sort()).toEqual(Object.keys(operations).sort());
  });

  it("requires the CSRF cookie and its token together, or a Bearer token, with the cookie name of this server", async () => {
    const schemes = { csrfCookie: { type: "apiKey", in: "cookie", name: "browser_id" }, csrfToken: { in: "header", name: "X-CSRF-Token" } };
    expect(objectOf(openapi.components).securitySchemes).toMatchObject(schemes);
    const { headers } = await rest.get("/api/auth/csrf");
    expect(headers["set-cookie"]?.[0]).toMatch(/^browser_id=/);
    for (const operation of Object.values<Operation>(operations).filter(({ caller }) => caller === "csrf"))
      expect((operationAt(operation).security as object[])[0]).toMatchObject({ csrfCookie: [], csrfToken: [] });
  });

  it("states the limits and defaults that the server enforces", () => {
    const propertiesOf = (operation: Operation): JsonSchema =>
      objectOf(objectOf(objectOf(objectOf(objectOf(operationAt(operation).requestBody).content)["application/json"]).schema).properties);
    const name = { minLength: 2, "x-minGraphemes": 2, "x-maxGraphemes": 32 };
    expect(propertiesOf(operations.createGuest)).toMatchObject({ displayName: name, languages: { default: [] } });
    expect(propertiesOf(operations.updateMe)).toMatchObject({ displayName: name });
    expect(propertiesOf(operations.signUp)).toMatchObject({
      username: { minLength: 2, maxLength: 32, pattern: expect.any(String) as string },
      password: { minLength: 10, maxLength: 1_000 },
    });
    expect(propertiesOf(operations.sendMessage)).toMatchObject({ text: { minLength: 1, "x-maxGraphemes": 4_000 } });
    expect(propertiesOf(operations.upgradeGuest)).toMatchObject({ keepMessages: { default: true } });
  });

  it("includes the schema of a message pending review, and documents Location only for published messages", () => {
    const { schema } = objectOf(
      objectOf(objectOf(objectOf(operationAt(operations.sendMessage).responses)["201"]).content)["application/json"],
    );
    expect(refsIn(schema)).toEqual(["#/components/schemas/LiveMessage", "#/components/schemas/HeldMessage"]);
    expect(objectOf(objectOf(operationAt(operations.sendMessage).responses)["201"])).toMatchObject({
      headers: { Location: { required: false } },
    });
    expect(objectOf(objectOf(operationAt(operations.openConversation).responses)["201"])).toMatchObject({
      headers: { Location: { $ref: "#/components/headers/Location" } },
    });
  });
});

describe("AsyncAPI document", () => {
  it("describes every command with its acknowledgement and every event, and nothing else", () => {
    const described = objectOf(asyncapi.operations);
    expect(Object.keys(described).sort()).toEqual([...Object.keys(commands), ...Object.keys(serverEvents)].sort());
    for (const name of Object.keys(commands))
      expect(described[name]).toMatchObject({
        action: "receive",
        reply: { messages: [{ $ref: `#/channels/socket/messages/${name}.ack` }] },
      });
    for (const name of Object.keys(serverEvents)) expect(described[name]).toMatchObject({ action: "send" });
  });
});

describe("both documents", () => {
  it("contain no dangling references", () => {
    for (const document of [openapi, asyncapi]) {
      const refs = [...new Set(refsIn(document))];
      expect(refs.length).toBeGreaterThan(10);
      expect(refs.filter((ref) => follow(document, ref) === undefined)).toEqual([]);
    }
  });

  it("define exactly the schemas they use, and no empty ones", () => {
    for (const document of [openapi, asyncapi]) {
      const shapes = objectOf(objectOf(document.components).schemas);
      const used = new Set(refsIn(document));
      expect(Object.keys(shapes).length).toBeGreaterThan(5);
      expect(Object.keys(shapes).filter((name) => !used.has(`#/components/schemas/${name}`))).toEqual([]);
      for (const [name, schema] of Object.entries(shapes)) expect(schema).toEqual(namedSchemas()[name]);
    }
    const shapesOf = (document: JsonSchema): string[] => Object.keys(objectOf(objectOf(document.components).schemas));
    expect(new Set([...shapesOf(openapi), ...shapesOf(asyncapi)])).toEqual(new Set(Object.keys(namedSchemas())));
  });

  it("include the guide's rules on delivery, tokens and the CSRF cookie", () => {
    const [ofRest, ofSocket] = [openapi, asyncapi].map((document) => String(objectOf(document.info).description));
    for (const { title, rules, of } of guide()) {
      expect(of.length).toBeGreaterThan(0);
      for (const part of [`## ${title}`, ...rules]) {
        if (of.includes("rest")) expect(ofRest).toContain(part);
        if (of.includes("socket")) expect(ofSocket).toContain(part);
      }
    }
  });

  it("are cacheable, and count against the caller's rate limit", async () => {
    const { headers } = await rest.get("/api/openapi.json");
    expect(headers).toMatchObject({ "cache-control": "public, max-age=300", "ratelimit-limit": expect.any(String) as string });
    expect(headers["content-type"]).toMatch(/^application\/json/);
  });
});

describe("API page", () => {
  it("lists every endpoint, command, event, schema, error, limit and rule", async () => {
    const { text, headers } = await rest.get("/api/docs");
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    const anchors = [
      ...Object.keys(operations),
      ...errorCodes,
      ...Object.keys(commands).map((name) => `command-${name}`),
      ...Object.keys(serverEvents).map((name) => `event-${name}`),
      ...Object.keys(namedSchemas()).map((name) => `shape-${name}`),
      ...Object.keys(otherEndpoints),
      ...guide().map(({ id }) => `guide-${id}`),
    ];
    expect(anchors.filter((id) => !text.includes(`id="${id}"`))).toEqual([]);
    const words = [
      ...Object.keys(budgets),
      ...Object.keys(caps),
      ...Object.keys(limits),
      ...Object.values<Operation>(operations).map(({ path }) => path),
    ];
    expect(words.filter((word) => !text.includes(`<code>${word}</code>`) && !text.includes(`>${word}<`))).toEqual([]);
  });

  it("shows the descriptions of properties and parameters, and examples", async () => {
    const { text } = await rest.get("/api/docs");
    const described = Object.values(namedSchemas()).flatMap(({ description, properties }) => [
      description,
      ...Object.values(objectOf(properties)).map((property) => objectOf(property).description),
    ]);
    expect(described.length).toBeGreaterThan(100);
    expect(described.filter((description) => !text.includes(prose(String(description))))).toEqual([]);
    expect(text).toContain('<th scope="col">Example</th>');
    const bodies = Object.values<Operation>(operations).flatMap((operation) => [bodyOf(operation), operation.output]);
    const sockets = 2 * Object.keys(commands).length + Object.keys(serverEvents).length;
    const others = Object.keys(otherEndpoints).filter((name) => name !== "downloadExport").length;
    expect(text.match(/<pre /g)).toHaveLength(bodies.filter((body) => body !== null).length + sockets + others);
    expect(text).toContain(exampleHtml(exampleOf({ $ref: "#/components/schemas/Session" }), "Example: response"));
  });

  it("is the page that an error's type links to", async () => {
    const { body } = await rest.get<{ type: string; code: string }>("/api/nothing");
    const [page = "", id] = body.type.split("#");
    expect((await rest.get(page)).text).toContain(`id="${id}"`);
  });

  it("has unique ids and no broken anchors", async () => {
    const { text } = await rest.get("/api/docs");
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.length).toBe(new Set(ids).size);
    expect([...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it("works under the content security policy: external stylesheet, no scripts", async () => {
    const { text } = await rest.get("/api/docs");
    expect(text).not.toMatch(/<script|<style| style=| on\w+=/);
    const style = await rest.get(/href="(\/api\/docs\.css)"/.exec(text)?.[1] ?? "");
    expect(style).toMatchObject({ status: 200 });
    expect(style.headers["content-type"]).toMatch(/^text\/css/);
  });
});

describe("HTML helpers of the API page", () => {
  const hostile = `<img src=x onerror="a('b')">&`;

  it("escape hostile names", () => {
    const schema = {
      type: "object",
      properties: { [hostile]: { enum: [hostile] }, other: { type: hostile }, ref: { $ref: `#/x/${hostile}` } },
    };
    const texts = { type: "object", properties: { text: { type: "string", description: hostile } } };
    for (const html of [
      safe(hostile),
      table([hostile], [[safe(hostile)]]),
      typeOf(schema),
      typeOf(texts),
      exampleHtml({ hostile }, hostile),
    ]) {
      expect(html).not.toContain("<img");
      expect(html).not.toMatch(/="[^"]*'b'/);
    }
  });

  it("show optional fields and bounds", () => {
    const html = typeOf({ type: "object", properties: { name: { type: "string", minLength: 2, maxLength: 32 } }, required: [] });
    expect(html).toContain("<code>name?</code> string <small>≥ 2, ≤ 32</small>");
  });

  it("show the description of a property after its type, before a list of its own properties", () => {
    const inner = { type: "object", properties: { id: { type: "string", description: "The id." } }, required: ["id"] };
    const properties = {
      level: { description: "The `level`.", enum: ["all"] },
      user: { description: "The user.", anyOf: [inner, { type: "null" }] },
      users: { description: "All users.", type: "array", items: inner },
    };
    const html = typeOf({ type: "object", properties, required: Object.keys(properties) });
    const id = '<ul class="shape"><li><code>id</code> string <span class="about">The id.</span></li></ul>';
    expect(html).toContain('<li><code>level</code> <code>all</code> <span class="about">The <code>level</code>.</span></li>');
    expect(html).toContain(`<li><code>user</code> null | object <span class="about">The user.</span>${id}</li>`);
    expect(html).toContain(`<li><code>users</code> list of object <span class="about">All users.</span>${id}</li>`);
  });
});
