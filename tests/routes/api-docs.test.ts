import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemOf } from "../../middleware/errors.ts";
import { safe, table, typeOf } from "../../routes/docs/html.ts";
import { errorCodes } from "../../utils/contract/errors.ts";
import { commands, facts } from "../../utils/contract/events.ts";
import { budgets, caps, limits } from "../../utils/contract/limits.ts";
import { templateOf } from "../../utils/contract/openapi.ts";
import { type Operation, operations } from "../../utils/contract/operations.ts";
import { type JsonSchema, namedSchemas, objectOf } from "../../utils/contract/schemas.ts";
import { type App, bootApp } from "../support/app.ts";
import { createRest, type Rest } from "../support/client.ts";
import { type TestDatabase, testDatabase } from "../support/db.ts";

let database: TestDatabase;
let app: App;
let rest: Rest;
let openapi: JsonSchema;
let asyncapi: JsonSchema;

beforeAll(async () => {
  database = await testDatabase();
  app = await bootApp({ database: database.url });
  rest = createRest(app.url);
  openapi = (await rest.get<JsonSchema>("/api/openapi.json")).body;
  asyncapi = (await rest.get<JsonSchema>("/api/asyncapi.json")).body;
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

/** The value a `#/a/b` reference leads to. */
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

describe("the OpenAPI document", () => {
  it.each(Object.entries<Operation>(operations))("describes %s: inputs, answer, refusals", (name, operation) => {
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

  it("describes nothing else", () => {
    const described = Object.entries(objectOf(openapi.paths)).flatMap(([path, methods]) =>
      Object.keys(objectOf(methods)).map((method) => `${method} ${path}`),
    );
    expect(described.sort()).toEqual(
      Object.values<Operation>(operations)
        .map(({ method, path }) => `${method} ${templateOf(path)}`)
        .sort(),
    );
  });

  it("gives every refusal the status the server answers with", () => {
    for (const operation of Object.values<Operation>(operations)) {
      for (const [status, response] of Object.entries(objectOf(operationAt(operation).responses))) {
        const codes = errorCodes.filter((code) => String(objectOf(response).description).split(", ").includes(code));
        expect(codes.map((code) => problemOf(code, {}, { requestId: "" }).status)).toEqual(codes.map(() => Number(status)));
      }
    }
  });

  it("shows what a query may be, as numbers with their bounds", () => {
    expect(operationAt(operations.listMessages).parameters).toContainEqual({
      name: "limit",
      in: "query",
      required: false,
      schema: { type: "integer", minimum: 1, maximum: 100 },
    });
  });

  it("leaves the path's ids out of the body, and refuses unknown fields", () => {
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

describe("the AsyncAPI document", () => {
  it("describes every command with its ack and every fact, and nothing else", () => {
    const described = objectOf(asyncapi.operations);
    expect(Object.keys(described).sort()).toEqual([...Object.keys(commands), ...Object.keys(facts)].sort());
    for (const name of Object.keys(commands))
      expect(described[name]).toMatchObject({
        action: "receive",
        reply: { messages: [{ $ref: `#/channels/socket/messages/${name}.ack` }] },
      });
    for (const name of Object.keys(facts)) expect(described[name]).toMatchObject({ action: "send" });
  });
});

describe("both documents", () => {
  it("have no reference that leads nowhere", () => {
    for (const document of [openapi, asyncapi]) {
      const refs = [...new Set(refsIn(document))];
      expect(refs.length).toBeGreaterThan(10);
      expect(refs.filter((ref) => follow(document, ref) === undefined)).toEqual([]);
    }
  });

  it("name every shape, none of them empty", () => {
    for (const [name, schema] of Object.entries(namedSchemas())) {
      expect(Object.keys(schema).length, name).toBeGreaterThan(0);
      expect(follow(openapi, `#/components/schemas/${name}`)).toEqual(schema);
      expect(follow(asyncapi, `#/components/schemas/${name}`)).toEqual(schema);
    }
  });

  it("may be kept by caches for a while, and count against the caller's budget", async () => {
    const { headers } = await rest.get("/api/openapi.json");
    expect(headers).toMatchObject({ "cache-control": "public, max-age=300", "ratelimit-limit": expect.any(String) as string });
    expect(headers["content-type"]).toMatch(/^application\/json/);
  });
});

describe("the API page", () => {
  it("names every operation, command, fact, shape, refusal and limit", async () => {
    const { text, headers } = await rest.get("/api/docs");
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    const anchors = [
      ...Object.keys(operations),
      ...errorCodes,
      ...Object.keys(commands).map((name) => `command-${name}`),
      ...Object.keys(facts).map((name) => `fact-${name}`),
      ...Object.keys(namedSchemas()).map((name) => `shape-${name}`),
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

  it("is the page that a refusal's type leads to", async () => {
    const { body } = await rest.get<{ type: string; code: string }>("/api/nothing");
    const [page = "", id] = body.type.split("#");
    expect((await rest.get(page)).text).toContain(`id="${id}"`);
  });

  it("has each id once and no link into nothing", async () => {
    const { text } = await rest.get("/api/docs");
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.length).toBe(new Set(ids).size);
    expect([...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it("needs no exception from the content policy: its style is a file, and there is no script", async () => {
    const { text } = await rest.get("/api/docs");
    expect(text).not.toMatch(/<script|<style| style=| on\w+=/);
    const style = await rest.get(/href="(\/api\/docs\.css)"/.exec(text)?.[1] ?? "");
    expect(style).toMatchObject({ status: 200 });
    expect(style.headers["content-type"]).toMatch(/^text\/css/);
  });
});

describe("the page's building blocks", () => {
  const hostile = `<img src=x onerror="a('b')">&`;

  it("show hostile names as text", () => {
    const schema = {
      type: "object",
      properties: { [hostile]: { enum: [hostile] }, other: { type: hostile }, ref: { $ref: `#/x/${hostile}` } },
    };
    for (const html of [safe(hostile), table([hostile], [[safe(hostile)]]), typeOf(schema)]) {
      expect(html).not.toContain("<img");
      expect(html).not.toMatch(/="[^"]*'b'/);
    }
  });

  it("say whether a field may be left out, and its bounds", () => {
    const html = typeOf({ type: "object", properties: { name: { type: "string", minLength: 2, maxLength: 32 } }, required: [] });
    expect(html).toContain("<code>name?</code> string <small>≥ 2, ≤ 32</small>");
  });
});
