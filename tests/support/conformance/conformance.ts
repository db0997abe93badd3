import { appendFileSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { problemOf } from "../../../middleware/errors.ts";
import { asyncapi } from "../../../utils/contract/docs/asyncapi.ts";
import { openapi } from "../../../utils/contract/docs/openapi.ts";
import { contractVersion, type JsonSchema, objectOf } from "../../../utils/contract/docs/schemas.ts";

/**
 * Compares what servers and clients of the tests send with the API documents. Properties that a document does not list are errors, even
 * where it allows additional ones. `conformance-setup.ts` fails the test during which an error was found.
 */
const info = {
  version: contractVersion,
  url: "http://localhost:3001",
  statusOf: (code: Parameters<typeof problemOf>[0]) => problemOf(code, {}, { requestId: "" }).status,
  csrfCookie: "browser_id",
};

const faults: string[] = [];

/** Returns and clears the errors since the last call. */
export const takeFaults = (): string[] => faults.splice(0);

/** Records which parts of the contract were covered, so that `npm test` can list those that no test covered. */
const seen = new Set<string>();
function note(what: string): void {
  if (seen.has(what)) return;
  seen.add(what);
  const folder = process.env.TEST_LOGS;
  if (folder !== undefined) appendFileSync(join(folder, `${process.pid}.seen`), `${what}\n`);
}

const ajv = new Ajv2020({ strict: false, allErrors: true, coerceTypes: false });
const coercing = new Ajv2020({ strict: false, allErrors: true, coerceTypes: true });
for (const one of [ajv, coercing]) formats.default(one);

/** Returns a schema of a document without additional properties, whose references resolve in that document. */
function closed(value: unknown, document: string, isPart = false): unknown {
  if (Array.isArray(value)) return value.map((item) => closed(item, document, isPart));
  if (typeof value !== "object" || value === null) return value;
  const schema = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "$ref" ? `${document}${String(inner)}` : closed(inner, document, key === "allOf"),
    ]),
  );
  const isOpen = typeof schema.properties === "object" && schema.type === "object" && !("additionalProperties" in schema);
  return isOpen && !isPart ? { ...schema, additionalProperties: false } : schema;
}

type Document = { readonly name: string; readonly content: JsonSchema };

function documentOf(name: string, content: JsonSchema): Document {
  for (const one of [ajv, coercing]) one.addSchema({ $id: name, components: closed(content.components, name) as object });
  return { name, content };
}

const rest = documentOf("openapi", openapi(info));
const socket = documentOf("asyncapi", asyncapi(info));

const validators = new Map<unknown, ValidateFunction>();

/** Compares a value with a schema of a document. @returns the error, or null */
function faultOf(value: unknown, schema: unknown, { name }: Document, by = ajv): string | null {
  const validate = validators.get(schema) ?? by.compile(closed(schema, name) as object);
  validators.set(schema, validate);
  if (validate(value)) return null;
  return `${by.errorsText(validate.errors)} ${JSON.stringify(validate.errors?.map(({ params }) => params)).slice(0, 300)}`;
}

type Parameter = { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: JsonSchema };

type Described = {
  readonly path: RegExp;
  readonly method: string;
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: JsonSchema;
  readonly responses: JsonSchema;
};

/** Every operation of the document; fixed paths come before those with parameters, as in the routes. */
const described: readonly Described[] = Object.entries(objectOf(rest.content.paths))
  .sort(([a], [b]) => a.split("{").length - b.split("{").length)
  .flatMap(([path, methods]) =>
    Object.entries(objectOf(methods)).map(([method, operation]) => {
      const { operationId, parameters, requestBody, responses } = objectOf(operation);
      return {
        path: new RegExp(`^${path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}/?$`),
        method: method.toUpperCase(),
        name: String(operationId),
        parameters: (parameters ?? []) as Parameter[],
        body: objectOf(requestBody),
        responses: objectOf(responses),
      };
    }),
  );

type Call = {
  readonly method: string;
  readonly url: URL;
  readonly requestBody: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
};

const mediaTypeOf = ({ headers }: Call): string => String(headers["content-type"] ?? "").split(";")[0] ?? "";

const resolved = (value: unknown): JsonSchema => {
  const { $ref } = objectOf(value);
  if (typeof $ref !== "string") return objectOf(value);
  const name = $ref.split("/").at(-1) ?? "";
  return objectOf(objectOf(objectOf(rest.content.components).headers)[name]);
};

function answerFaults(call: Call, response: JsonSchema): string[] {
  const missing = Object.entries(objectOf(response.headers))
    .filter(([name, header]) => resolved(header).required === true && call.headers[name.toLowerCase()] === undefined)
    .map(([name]) => `the header ${name} is missing`);
  const contents = objectOf(response.content);
  const type = mediaTypeOf(call);
  if (Object.keys(contents).length === 0) return call.text === "" ? missing : [...missing, "a body that is not described"];
  if (!(type in contents)) return [...missing, `a body of ${type}`];
  if (!type.endsWith("json")) return missing;
  const fault = faultOf(JSON.parse(call.text), objectOf(contents[type]).schema, rest);
  return fault === null ? missing : [...missing, fault];
}

/** Trims names and similar values, as the server does before validation; the documents describe the trimmed values. */
const trimmed = (body: unknown): unknown =>
  Object.fromEntries(Object.entries(objectOf(body)).map(([name, value]) => [name, typeof value === "string" ? value.trim() : value]));

/** Checks that an accepted request matches the document. */
function requestFaults({ url, requestBody }: Call, { path, parameters, body }: Described): string[] {
  const inPath = Object.entries(path.exec(url.pathname)?.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]);
  const given: Record<string, Record<string, string>> = {
    path: Object.fromEntries(inPath),
    query: Object.fromEntries(url.searchParams),
  };
  const found = parameters.map(({ name, in: place, required, schema }) => {
    const value = given[place]?.[name];
    if (value === undefined) return required ? `the parameter ${name} is missing` : null;
    return faultOf({ value }, wrapped(schema), rest, coercing);
  });
  const known = new Set(parameters.map(({ name }) => name));
  const unknown = Object.keys(given.query ?? {}).filter((name) => !known.has(name));
  const schema = objectOf(objectOf(body.content)["application/json"]).schema;
  const isBodyGiven = requestBody !== undefined && !(schema === undefined && Object.keys(objectOf(requestBody)).length === 0);
  const bodyFault = isBodyGiven
    ? schema === undefined
      ? "a body that is not described"
      : faultOf(trimmed(requestBody), schema, rest)
    : null;
  const absent = !isBodyGiven && body.required === true ? "the body is missing" : null;
  return [...found, bodyFault, absent, ...unknown.map((name) => `the parameter ${name} is not described`)].filter(
    (fault) => fault !== null,
  );
}

const wrappers = new Map<unknown, JsonSchema>();
/** Wraps a schema in an object, because only properties of objects are coerced. */
function wrapped(schema: JsonSchema): JsonSchema {
  const known = wrappers.get(schema) ?? { type: "object", properties: { value: schema } };
  wrappers.set(schema, known);
  return known;
}

/** Paths that are not part of the contract: the documents themselves and the outbox of development. */
const ASIDE = /^\/api\/(openapi\.json|asyncapi\.json|docs|docs\.css|dev\/)/;

function faultsOf(call: Call): string[] {
  const { method, url, status } = call;
  const matching = described.filter(({ path }) => path.test(url.pathname));
  if (status === 405) return call.headers.allow === undefined ? ["405 without Allow"] : [];
  const operation = matching.find((one) => one.method === method);
  if (operation === undefined)
    return url.pathname.startsWith("/api/") && status < 400 && !ASIDE.test(url.pathname) ? ["an endpoint that is not described"] : [];
  const response = operation.responses[String(status)];
  if (response === undefined) return [`the status ${status} is not described: ${call.text.slice(0, 200)}`];
  if (status < 400) note(`operation ${operation.name}`);
  return [...answerFaults(call, objectOf(response)), ...(status < 300 ? requestFaults(call, operation) : [])];
}

const decode = (bytes: Buffer, encoding: unknown): string => {
  if (bytes.length === 0) return "";
  if (encoding === "gzip") return gunzipSync(bytes).toString();
  if (encoding === "br") return brotliDecompressSync(bytes).toString();
  return (encoding === "deflate" ? inflateSync(bytes) : bytes).toString();
};

type Write = (chunk?: unknown, ...rest: unknown[]) => unknown;

/** Records what a server writes into an answer. */
function keepBody(response: ServerResponse): Buffer[] {
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown): void => {
    if (typeof chunk === "string" || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk as Uint8Array));
  };
  for (const name of ["write", "end"] as const) {
    const original = response[name].bind(response) as Write;
    response[name] = ((chunk?: unknown, ...others: unknown[]) => {
      keep(chunk);
      return original(chunk, ...others);
    }) as never;
  }
  return chunks;
}

function check(request: IncomingMessage, response: ServerResponse, chunks: readonly Buffer[]): void {
  const { method = "", url = "/", body } = request as IncomingMessage & { body?: unknown };
  if (method === "HEAD" || method === "OPTIONS" || !URL.canParse(url, info.url) || url.startsWith("/socket.io")) return;
  const headers = response.getHeaders();
  const call = {
    method,
    headers,
    requestBody: body,
    status: response.statusCode,
    url: new URL(url, info.url),
    text: String(headers["content-type"]).includes("zip") ? "" : decode(Buffer.concat(chunks), headers["content-encoding"]),
  };
  faults.push(...faultsOf(call).map((fault) => `${method} ${call.url.pathname} → ${call.status}: ${fault}`));
}

/** Checks every answer of a server. */
export function watchAnswers(http: Server): void {
  http.prependListener("request", (request, response) => {
    const chunks = keepBody(response);
    response.once("finish", () => check(request, response, chunks));
  });
}

const payloadOf = (message: string): unknown => objectOf(objectOf(objectOf(socket.content.components).messages)[message]).payload;

function checkSocket(what: string, value: unknown, schema: unknown): void {
  const fault = faultOf(value, schema, socket);
  if (fault !== null) faults.push(`${what}: ${fault}`);
}

/** Checks an event that a socket received. */
export function watchEvent(name: string, payload: unknown): void {
  const schema = payloadOf(`${name}.fact`);
  if (schema === undefined) faults.push(`the event ${name} is not described`);
  else checkSocket(`the event ${name}`, payload, schema);
  note(`event ${name}`);
}

/** Checks the ack of a command and, if it succeeded, its input. */
export function watchAck(name: string, input: unknown, answer: unknown): void {
  const { ok } = objectOf(answer);
  const schema = payloadOf(`${name}.ack`);
  if (schema === undefined) return;
  checkSocket(`the ack of ${name}`, answer, schema);
  if (ok !== true) return;
  checkSocket(`the payload of ${name}`, input, payloadOf(`${name}.command`));
  note(`command ${name}`);
}

const PROBLEM = { $ref: "#/components/schemas/Problem" };

/** Checks the error of a rejected connection. */
export const watchRejection = (problem: unknown): void => checkSocket("connect_error", problem, PROBLEM);
