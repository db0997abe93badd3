import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { problemOf } from "../../../../middleware/errors.ts";
import { asyncapi } from "../../../../utils/contract/docs/asyncapi.ts";
import { exampleOf } from "../../../../utils/contract/docs/examples.ts";
import { openapi } from "../../../../utils/contract/docs/openapi.ts";
import { templateOf } from "../../../../utils/contract/docs/openapi-operation.ts";
import { liveness, readiness } from "../../../../utils/contract/docs/other-endpoints.ts";
import { contractVersion, type JsonSchema, objectOf } from "../../../../utils/contract/docs/schemas.ts";
import { type CommandName, commands, type ServerEventName, serverEvents } from "../../../../utils/contract/events.ts";
import { type Operation, operations } from "../../../../utils/contract/operations/index.ts";
import { downloadExportInput, downloadExportPath } from "../../../../utils/contract/schemas/privacy.ts";
import { importsOf, sourceFiles } from "../../../house/sources.ts";
import { partsOf } from "./documented.ts";

const info = {
  version: contractVersion,
  url: "http://localhost:3001",
  statusOf: (code: Parameters<typeof problemOf>[0]) => problemOf(code, {}, { requestId: "" }).status,
  csrfCookie: "browser_id",
};
const documents = { OpenAPI: openapi(info), AsyncAPI: asyncapi(info) };

const namesIn = (value: unknown): string[] => (value as { name: string }[]).map(({ name }) => name);

describe.each(Object.entries(documents))("%s document", (_name, document) => {
  it("describes every property, parameter, header, schema, operation and message, with examples and tags", () => {
    const parts = partsOf(document);
    expect(parts.length).toBeGreaterThan(300);
    const incomplete = parts.filter(({ lacks }) => lacks.length > 0);
    expect(incomplete.map(({ kind, path, lacks }) => `${kind} ${path} has no ${lacks.join(", no ")}`)).toEqual([]);
  });
});

describe("the check of the documents", () => {
  const lacksOf = (part: JsonSchema): string[] => partsOf(part).map(({ path, lacks }) => `${path}: ${lacks.join(", ")}`);

  it("finds properties without a description in lists, unions, maps and references, but not in examples", () => {
    const bare = { type: "object", properties: { bare: { type: "string" } } };
    const schema = {
      description: "A schema.",
      properties: {
        list: { description: "A list.", type: "array", items: bare },
        union: { description: "A union.", anyOf: [{ type: "null" }, bare] },
        map: { description: "A map.", additionalProperties: bare, examples: [{ properties: { value: {} } }] },
        reference: { $ref: "#/components/schemas/Other" },
      },
    };
    const missing = lacksOf({ components: { schemas: { Thing: schema } } }).filter((line) => !line.endsWith(": "));
    expect(missing).toEqual([
      "/schemas/Thing.list/items.bare: description",
      "/schemas/Thing.union/anyOf[1].bare: description",
      "/schemas/Thing.map/additionalProperties.bare: description",
      "/schemas/Thing.reference: description",
    ]);
  });

  it("finds operations, parameters, bodies, headers and messages without a description, an example or a tag", () => {
    const content = { "application/json": { schema: {} } };
    const get = { parameters: [{ name: "q" }], requestBody: { content }, responses: { 200: { content }, 404: { content } } };
    expect(lacksOf({ paths: { "/a": { get } }, components: { headers: { "X-A": {} } } })).toEqual([
      "X-A: description",
      "get /a: description, tag",
      "get /a?q: description, example",
      "get /a request (application/json): example",
      "get /a 200 (application/json): example",
    ]);
    expect(lacksOf({ operations: { send: {} }, components: { messages: { "send.command": {} } } })).toEqual([
      "send: description, tag",
      "send.command: description, example, tag",
    ]);
  });
});

it("AsyncAPI document: uses exactly the tags that it describes", () => {
  const { info: about, operations: all } = documents.AsyncAPI;
  const used = Object.values(objectOf(all)).flatMap((operation) => namesIn(objectOf(operation).tags));
  expect([...new Set(used)].sort()).toEqual(namesIn(objectOf(about).tags).sort());
  expect((objectOf(about).tags as { description: string }[]).every(({ description }) => description !== "")).toBe(true);
});

describe("examples", () => {
  /** Returns what a schema finds wrong with a value. */
  const faultsOf = (schema: z.ZodType, value: unknown): string[] =>
    (schema.safeParse(value).error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);

  const operationAt = (path: string, method: string): JsonSchema =>
    objectOf(objectOf(objectOf(documents.OpenAPI.paths)[templateOf(path)])[method]);

  const exampleIn = (owner: unknown): unknown => objectOf(objectOf(objectOf(owner).content)["application/json"]).example;

  type Parameter = { readonly name: string; readonly example: unknown };

  const parametersIn = ({ parameters }: JsonSchema): [string, string][] =>
    ((parameters ?? []) as Parameter[]).map(({ name, example }) => [name, String(example)]);

  /** Query parameters may exclude each other, so each is checked on its own. */
  const parameterFaults = (input: z.ZodType, operation: JsonSchema): string[] =>
    parametersIn(operation).flatMap(([name, example]) => faultsOf((input as z.ZodObject).shape[name] as z.ZodType, example));

  it.each(Object.entries<Operation>(operations))("of the operation %s are valid", (_name, { method, path, input, output, status }) => {
    const operation = operationAt(path, method);
    expect(parameterFaults(input, operation)).toEqual([]);
    const request = { ...Object.fromEntries(parametersIn(operation)), ...objectOf(exampleIn(operation.requestBody)) };
    if (method !== "get") expect(faultsOf(input, request)).toEqual([]);
    const answer = exampleIn(objectOf(operation.responses)[status]);
    if (output === null) expect(answer).toBeUndefined();
    else expect(faultsOf(output, answer)).toEqual([]);
  });

  it("of the other endpoints are valid", () => {
    const answerOf = (path: string): unknown => exampleIn(objectOf(operationAt(path, "get").responses)[200]);
    expect(faultsOf(liveness, answerOf("/health"))).toEqual([]);
    expect(faultsOf(readiness, answerOf("/health/ready"))).toEqual([]);
    expect(parameterFaults(downloadExportInput, operationAt(downloadExportPath, "get"))).toEqual([]);
  });

  const payloadOf = (message: string): JsonSchema => {
    const { examples } = objectOf(objectOf(objectOf(documents.AsyncAPI.components).messages)[message]);
    return objectOf((examples as { payload: unknown }[])[0]?.payload);
  };

  it.each(Object.keys(commands) as CommandName[])("of the command %s and its ack are valid", (name) => {
    expect(faultsOf(commands[name].input, payloadOf(`${name}.command`))).toEqual([]);
    const { ok, data } = payloadOf(`${name}.ack`);
    expect([ok, faultsOf(commands[name].output, data)]).toEqual([true, []]);
  });

  it.each(Object.keys(serverEvents) as ServerEventName[])("of the event %s are valid", (name) => {
    expect(faultsOf(serverEvents[name].payload, payloadOf(`${name}.fact`))).toEqual([]);
  });

  it("are composed of the examples of the parts", () => {
    const name = { type: "string", examples: ["Ann", "Ben"] };
    const schema = {
      type: "object",
      properties: {
        name,
        names: { type: "array", items: name },
        choice: { anyOf: [name, { type: "null" }] },
        kind: { enum: ["one", "two"] },
        isTrue: { type: "boolean" },
        nothing: { type: "null" },
        fixed: { const: 3 },
        own: { type: "object", properties: { name }, examples: [{ name: "Cem" }] },
      },
    };
    expect(exampleOf(schema)).toEqual({
      name: "Ann",
      names: ["Ann"],
      choice: "Ann",
      kind: "one",
      isTrue: false,
      nothing: null,
      fixed: 3,
      own: { name: "Cem" },
    });
    expect(exampleOf({ $ref: "#/components/schemas/Presence" })).toMatchObject({ status: "online" });
  });
});

it("the texts of the contract are not part of the page or the client: they import no schema at run time", () => {
  const sources = new Set(sourceFiles());
  const reached = new Set([...sources].filter((path) => path.startsWith("public/src/") || path.startsWith("utils/client/")));
  expect(reached.size).toBeGreaterThan(50);
  const withSchemas: string[] = [];
  for (const path of reached) {
    const values = importsOf(path).filter(({ isType }) => !isType);
    if (values.some(({ specifier }) => specifier === "zod")) withSchemas.push(path);
    for (const { file } of values) if (file !== null && sources.has(file)) reached.add(file);
  }
  expect(withSchemas).toEqual([]);
});
