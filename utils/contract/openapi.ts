import { budgets } from "./limits.ts";
import { type Operation, type OperationName, operations } from "./operations.ts";
import { refusalsOfOperation } from "./refusals.ts";
import { type ContractInfo, type JsonSchema, jsonSchemaOf, namedSchemas, objectOf } from "./schemas.ts";

const PROBLEM = { $ref: "#/components/schemas/Problem" };

const described: Record<string, { description: string; schema: JsonSchema }> = {
  "X-Request-Id": { description: "Finds the log lines of this call.", schema: { type: "string" } },
  "RateLimit-Limit": { description: "Calls allowed in the window.", schema: { type: "integer" } },
  "RateLimit-Remaining": { description: "Calls left in the window.", schema: { type: "integer" } },
  "RateLimit-Reset": { description: "Seconds until the window is new.", schema: { type: "integer" } },
  "Retry-After": { description: "Seconds to wait.", schema: { type: "integer" } },
  Location: { description: "The address of what was made.", schema: { type: "string" } },
};

const headers = (...names: string[]): JsonSchema =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const limited = ["X-Request-Id", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"];

/** Express's `/rooms/:roomId` as OpenAPI's `/rooms/{roomId}`. */
export const templateOf = (path: string): string => path.replace(/:(\w+)/g, "{$1}");

const pathNames = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? "");

const required = (schema: JsonSchema): string[] => (Array.isArray(schema.required) ? schema.required.map(String) : []);

function parameters(operation: Operation, input: JsonSchema): JsonSchema[] {
  const inPath = pathNames(operation.path);
  const fields = Object.entries(objectOf(input.properties)).map(([name, schema]) => {
    const isInPath = inPath.includes(name);
    return { name, in: isInPath ? "path" : "query", required: isInPath || required(input).includes(name), schema };
  });
  const shown = fields.filter((field) => field.in === "path" || operation.method === "get");
  const csrf = {
    name: "X-CSRF-Token",
    in: "header",
    required: false,
    description: "The token of GET /api/auth/csrf; not needed with a Bearer token.",
    schema: { type: "string" },
  };
  return operation.caller === "csrf" ? [...shown, csrf] : shown;
}

/** The input without what the path says already; null where nothing is left to send. */
export function bodyOf(operation: Operation): JsonSchema | null {
  if (operation.method === "get") return null;
  const input = jsonSchemaOf(operation.input, "input");
  const inPath = pathNames(operation.path);
  const properties = Object.fromEntries(Object.entries(objectOf(input.properties)).filter(([name]) => !inPath.includes(name)));
  if (Object.keys(properties).length === 0) return null;
  return { ...input, properties, required: required(input).filter((name) => !inPath.includes(name)) };
}

function granted({ status, output }: Operation): JsonSchema {
  const content = output && { content: { "application/json": { schema: jsonSchemaOf(output, "output") } } };
  const names = status === 201 ? [...limited, "Location"] : limited;
  return {
    [String(status)]: { description: status === 204 ? "Done; nothing to say." : "Granted.", headers: headers(...names), ...content },
  };
}

function refused(name: OperationName, operation: Operation, { statusOf }: ContractInfo): JsonSchema {
  const refusals = refusalsOfOperation(name, operation);
  const statuses = [...new Set(refusals.map(statusOf))].sort((a, b) => a - b);
  const answers = statuses.map((status) => {
    const codes = refusals.filter((code) => statusOf(code) === status);
    const names = status === 429 || status === 503 ? [...limited, "Retry-After"] : ["X-Request-Id"];
    const schema = { allOf: [PROBLEM, { properties: { code: { enum: codes } } }] };
    return [
      String(status),
      { description: codes.join(", "), headers: headers(...names), content: { "application/problem+json": { schema } } },
    ];
  });
  return Object.fromEntries(answers);
}

const budgetText = (budget: Operation["budget"]): string => {
  const names = budget === "messages" ? (["messagesOfGuest", "messagesOfMember", "messagesOfStaff"] as const) : [budget];
  return names
    .map((name) => `${name}: ${budgets[name].map(({ points, windowMs }) => `${points} in ${windowMs / 1_000} s`).join(" and ")}`)
    .join("; ");
};

const security = { anyone: [{}], csrf: [{}, { bearer: [] }], bearer: [{ bearer: [] }] } as const satisfies Record<
  Operation["caller"],
  readonly object[]
>;

function describeOperation(name: OperationName, operation: Operation, info: ContractInfo): JsonSchema {
  const body = bodyOf(operation);
  const isRefresh = name === "refreshSession";
  return {
    operationId: name,
    summary: operation.summary,
    description: `Limit, per person or address: ${budgetText(operation.budget)}.`,
    security: isRefresh ? [{ refreshCookie: [] }] : security[operation.caller],
    parameters: parameters(operation, jsonSchemaOf(operation.input, "input")),
    ...(body && { requestBody: { required: required(body).length > 0, content: { "application/json": { schema: body } } } }),
    responses: { ...granted(operation), ...refused(name, operation, info) },
  };
}

const names = Object.keys(operations) as OperationName[];

function paths(info: ContractInfo): JsonSchema {
  const all: Record<string, JsonSchema> = {};
  for (const name of names) {
    const operation: Operation = operations[name];
    const path = templateOf(operation.path);
    all[path] = { ...all[path], [operation.method]: describeOperation(name, operation, info) };
  }
  return all;
}

/** The REST doors as an OpenAPI 3.1 document. */
export function openapi(info: ContractInfo): JsonSchema {
  return {
    openapi: "3.1.0",
    info: {
      title: "The Chatroom",
      version: info.version,
      summary: "Lounges, language rooms and their messages.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: info.url }],
    paths: paths(info),
    components: {
      schemas: namedSchemas(),
      headers: described,
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "The access token of a session, or a bot's API token (`crb_…`, no JWT).",
        },
        refreshCookie: {
          type: "apiKey",
          in: "cookie",
          name: "refresh_token",
          description: "Set by the server, HttpOnly, for /api/auth alone.",
        },
      },
    },
  };
}
