import { type Operation, type OperationName, operations, operationTags } from "../operations/index.ts";
import { guideOf } from "./guide.ts";
import { answerHeaders, describeOperation, templateOf } from "./openapi-operation.ts";
import { otherPaths } from "./other-endpoints.ts";
import { type ContractInfo, type JsonSchema, usedSchemas } from "./schemas.ts";

export { templateOf } from "./openapi-operation.ts";

const tagOf = new Map(operationTags.flatMap((tag) => tag.operations.map((name) => [name, tag.name] as const)));

function paths(info: ContractInfo): Record<string, JsonSchema> {
  const all: Record<string, JsonSchema> = {};
  for (const [name, operation] of Object.entries<Operation>(operations) as [OperationName, Operation][]) {
    const path = templateOf(operation.path);
    const described = { ...describeOperation(name, operation, info), tags: [tagOf.get(name)] };
    all[path] = { ...all[path], [operation.method]: described };
  }
  return { ...all, ...otherPaths(info) };
}

const securitySchemes = ({ csrfCookie }: ContractInfo): JsonSchema => ({
  bearer: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "The access token of a session, or a bot's API token (`crb_…`, not a JWT).",
  },
  refreshCookie: {
    type: "apiKey",
    in: "cookie",
    name: "refresh_token",
    description: "The refresh token of a session. Set by the server, HttpOnly, sent only to /api/auth.",
  },
  csrfCookie: {
    type: "apiKey",
    in: "cookie",
    name: csrfCookie,
    description: "The id of a browser, set by GET /api/auth/csrf. Named `__Host-browser_id` in production, `browser_id` otherwise.",
  },
  csrfToken: {
    type: "apiKey",
    in: "header",
    name: "X-CSRF-Token",
    description: "The token that GET /api/auth/csrf returned to the same browser.",
  },
  metricsToken: { type: "http", scheme: "bearer", description: "The value of the server's setting `METRICS_TOKEN`." },
});

/** Returns the OpenAPI 3.1 document of the REST API. */
export function openapi(info: ContractInfo): JsonSchema {
  const all = paths(info);
  return {
    openapi: "3.1.0",
    info: {
      title: "The Chatroom",
      version: info.version,
      summary: "Lounges, language rooms and their messages.",
      description: guideOf("rest", info.csrfCookie),
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: info.url }],
    tags: [
      ...operationTags.map(({ name, description }) => ({ name, description })),
      { name: "Operations", description: "Health checks and metrics for operators." },
    ],
    paths: all,
    components: { schemas: usedSchemas(all), headers: answerHeaders, securitySchemes: securitySchemes(info) },
  };
}
