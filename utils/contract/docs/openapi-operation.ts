import { budgets } from "../limits.ts";
import { errorsOfOperation } from "../operation-errors.ts";
import type { Operation, OperationName } from "../operations/index.ts";
import { contentOf, exampleOf } from "./examples.ts";
import { type ContractInfo, type JsonSchema, jsonSchemaOf, objectOf } from "./schemas.ts";

export const PROBLEM = { $ref: "#/components/schemas/Problem" };

const integer = { type: "integer" };
const string = { type: "string" };

/** Response headers. A response that refers to a header always has it. */
export const answerHeaders = {
  "X-Request-Id": { description: "Identifies the request in the server's log.", required: true, schema: string },
  "RateLimit-Limit": { description: "Calls allowed per window.", required: true, schema: integer },
  "RateLimit-Remaining": { description: "Calls left in the window.", required: true, schema: integer },
  "RateLimit-Reset": { description: "Seconds until the window ends.", required: true, schema: integer },
  "Retry-After": { description: "Seconds to wait before retrying.", required: true, schema: integer },
  "WWW-Authenticate": { description: "The expected authentication scheme.", required: true, schema: string },
  Location: { description: "The URL of the created resource.", required: true, schema: string },
} as const satisfies Record<string, JsonSchema>;

type HeaderName = keyof typeof answerHeaders;

/** Returns references to headers, for a response that always has them. */
export const headers = (...names: HeaderName[]): JsonSchema =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** Returns a header that a response may lack. */
const maybe = (name: HeaderName, when: string): JsonSchema => ({
  [name]: { ...answerHeaders[name], required: false, description: `${answerHeaders[name].description} ${when}` },
});

const LIMITED = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"] as const;

/** Converts Express's `/rooms/:roomId` to OpenAPI's `/rooms/{roomId}`. */
export const templateOf = (path: string): string => path.replace(/:(\w+)/g, "{$1}");

const pathNames = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? "");

const required = (schema: JsonSchema): string[] => (Array.isArray(schema.required) ? schema.required.map(String) : []);

/** Returns the path parameters, and for GET operations the query parameters. */
export function parametersOf({ method, path }: Pick<Operation, "method" | "path">, input: JsonSchema): JsonSchema[] {
  const inPath = pathNames(path);
  const fields = Object.entries(objectOf(input.properties)).map(([name, described]) => {
    const { description, examples, ...schema } = objectOf(described);
    const isInPath = inPath.includes(name);
    return {
      name,
      in: isInPath ? "path" : "query",
      required: isInPath || required(input).includes(name),
      description,
      example: Array.isArray(examples) ? examples[0] : exampleOf(schema),
      schema,
    };
  });
  return fields.filter((field) => field.in === "path" || method === "get");
}

/** Returns the input schema without the path parameters; null if nothing else is left. */
export function bodyOf(operation: Operation): JsonSchema | null {
  if (operation.method === "get") return null;
  const input = jsonSchemaOf(operation.input, "input");
  const inPath = pathNames(operation.path);
  const properties = Object.fromEntries(Object.entries(objectOf(input.properties)).filter(([name]) => !inPath.includes(name)));
  if (Object.keys(properties).length === 0) return null;
  const names = required(input).filter((name) => !inPath.includes(name));
  const { required: _, ...rest } = input;
  return { ...rest, properties, ...(names.length > 0 && { required: names }) };
}

const descriptions: Record<Operation["status"], string> = {
  200: "Success.",
  201: "Created.",
  202: "Accepted. Processing continues.",
  204: "Success. The response has no body.",
};

function success(name: OperationName, { status, repeatStatus, output }: Operation): JsonSchema {
  const content = output && { content: contentOf(jsonSchemaOf(output, "output")) };
  const location = name === "sendMessage" ? maybe("Location", "Absent if the message is held for review.") : headers("Location");
  return {
    [String(status)]: {
      description: descriptions[status],
      headers: { ...headers("X-Request-Id", ...LIMITED), ...(status === 201 && location) },
      ...content,
    },
    ...(repeatStatus !== undefined && {
      [String(repeatStatus)]: {
        description: "The same call was made before; this is its result.",
        headers: headers("X-Request-Id", ...LIMITED),
        ...content,
      },
    }),
  };
}

function headersOfProblem(status: number): JsonSchema {
  const limited = Object.assign({}, ...LIMITED.map((name) => maybe(name, "Present if the rate limit was checked."))) as JsonSchema;
  if (status === 429 || status === 503) return { ...headers("X-Request-Id", "Retry-After"), ...limited };
  return status === 401 ? headers("X-Request-Id", "WWW-Authenticate") : headers("X-Request-Id");
}

/** Returns a schema that limits the codes of a problem. */
export const codeAmong = (codes: readonly string[]): JsonSchema => ({
  properties: { code: { description: "The error code.", enum: codes } },
});

/** Returns the response for one status of a rejected call, with the codes it may carry. */
export const problemResponse = (status: number, codes: readonly string[]): JsonSchema => ({
  description: codes.join(", "),
  headers: headersOfProblem(status),
  content: { "application/problem+json": { schema: { allOf: [PROBLEM, codeAmong(codes)] } } },
});

/** Returns the responses to rejected calls, by status. */
export function problemResponses(codes: readonly Parameters<ContractInfo["statusOf"]>[0][], { statusOf }: ContractInfo): JsonSchema {
  const statuses = [...new Set(codes.map(statusOf))].sort((a, b) => a - b);
  const answers = statuses.map((status) => [
    String(status),
    problemResponse(
      status,
      codes.filter((code) => statusOf(code) === status),
    ),
  ]);
  return Object.fromEntries(answers) as JsonSchema;
}

function budgetText(budget: Operation["budget"]): string {
  const names = budget === "messages" ? (["messagesOfGuest", "messagesOfMember", "messagesOfStaff"] as const) : [budget];
  return names
    .map((name) => `${name}: ${budgets[name].map(({ points, windowMs }) => `${points} in ${windowMs / 1_000} s`).join(" and ")}`)
    .join("; ");
}

const BROWSER = { csrfCookie: [], csrfToken: [] };

const security = { anyone: [{}], csrf: [BROWSER, { bearer: [] }], bearer: [{ bearer: [] }] } as const satisfies Record<
  Operation["caller"],
  readonly object[]
>;

/** Returns the OpenAPI operation of an operation of the contract. */
export function describeOperation(name: OperationName, operation: Operation, info: ContractInfo): JsonSchema {
  const body = bodyOf(operation);
  return {
    operationId: name,
    summary: operation.summary,
    description: `Rate limit, per user or address: ${budgetText(operation.budget)}.`,
    security: name === "refreshSession" ? [{ ...BROWSER, refreshCookie: [] }] : security[operation.caller],
    parameters: parametersOf(operation, jsonSchemaOf(operation.input, "input")),
    ...(body && { requestBody: { required: required(body).length > 0, content: contentOf(body) } }),
    responses: { ...success(name, operation), ...problemResponses(errorsOfOperation(operation), info) },
  };
}
