import { z } from "zod";
import { downloadExportInput, downloadExportPath } from "../schemas/privacy.ts";
import { contentOf } from "./examples.ts";
import { headers, PROBLEM, parametersOf, problemResponses, templateOf } from "./openapi-operation.ts";
import { type ContractInfo, type JsonSchema, jsonSchemaOf } from "./schemas.ts";

/** The response of `/health`. */
export const liveness = z.object({ status: z.literal("ok").describe("Always `ok`.") });

/** The state of one part of the server. */
const part = z.looseObject({
  ok: z.boolean().describe("Whether the part works."),
  isDegraded: z.boolean().optional().describe("Whether the part works with restrictions. Omitted if it cannot."),
});

/** The response of `/health/ready`. */
export const readiness = z.object({
  status: z
    .enum(["ready", "degraded", "not_ready"])
    .describe("Whether the server can handle requests, possibly with restrictions (`degraded`)."),
  parts: z.record(z.string(), part).meta({
    description: "The state of every part of the server, by name. A part may have further members.",
    examples: [{ database: { ok: true }, redis: { ok: true, isDegraded: false } }],
  }),
});

/** An endpoint that is not an operation of the contract: for operators, or opened by a link. All use GET. */
export type OtherEndpoint = {
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly tag: "Operations" | "People";
};

export const otherEndpoints = {
  getHealth: {
    path: "/health",
    summary: "Returns 200 while the process responds (liveness).",
    description: "Checks nothing else. Restart the process if it fails several times in a row.",
    tag: "Operations",
  },
  getReadiness: {
    path: "/health/ready",
    summary: "Returns whether this server can handle requests (readiness), and the state of every part.",
    description: "On 503, a load balancer should stop routing requests to this server. The result is up to a second old.",
    tag: "Operations",
  },
  getMetrics: {
    path: "/metrics",
    summary: "Returns Prometheus metrics.",
    description:
      "Requires `METRICS_TOKEN` as the Bearer token. Without that setting, it is available only from localhost, and not in production.",
    tag: "Operations",
  },
  downloadExport: {
    path: downloadExportPath,
    summary: "Downloads the user's data as a ZIP file.",
    description: "The URL is the `downloadUrl` of an export. It contains a signature and requires no token.",
    tag: "People",
  },
} as const satisfies Record<string, OtherEndpoint>;

export type OtherEndpointName = keyof typeof otherEndpoints;

const json = (schema: z.ZodType): JsonSchema => contentOf(jsonSchemaOf(schema, "output"));

const metricsText: JsonSchema = {
  type: "string",
  examples: ["# HELP sockets_open Number of open sockets on this node\n# TYPE sockets_open gauge\nsockets_open 42\n"],
};

type Answers = { readonly security: readonly object[]; readonly parameters?: JsonSchema[]; readonly responses: JsonSchema };

function answersOf(name: OtherEndpointName, info: ContractInfo): Answers {
  const id = headers("X-Request-Id");
  switch (name) {
    case "getHealth":
      return {
        security: [{}],
        responses: {
          200: { description: "The process responds.", headers: id, content: json(liveness) },
          ...problemResponses(["unavailable"], info),
        },
      };
    case "getReadiness":
      return {
        security: [{}],
        responses: {
          200: { description: "Ready, possibly with restrictions.", headers: id, content: json(readiness) },
          503: {
            description: "Not ready, or shutting down.",
            headers: headers("X-Request-Id", "Retry-After"),
            content: { ...json(readiness), "application/problem+json": { schema: PROBLEM } },
          },
          ...problemResponses(["rate_limited"], info),
        },
      };
    case "getMetrics":
      return {
        security: [{ metricsToken: [] }, {}],
        responses: {
          200: { description: "The metrics.", headers: id, content: contentOf(metricsText, "text/plain") },
          ...problemResponses(["not_found", "rate_limited", "unavailable", "internal"], info),
        },
      };
    case "downloadExport":
      return {
        security: [{}],
        parameters: parametersOf({ method: "get", path: downloadExportPath }, jsonSchemaOf(downloadExportInput, "input")),
        responses: {
          200: {
            description: "The ZIP file.",
            headers: headers("X-Request-Id", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"),
            content: { "application/zip": {} },
          },
          ...problemResponses(["invalid_input", "not_found", "rate_limited", "unavailable", "internal"], info),
        },
      };
  }
}

/** Returns the paths of the endpoints that are not operations. */
export function otherPaths(info: ContractInfo): Record<string, JsonSchema> {
  const names = Object.keys(otherEndpoints) as OtherEndpointName[];
  const paths = names.map((name): [string, JsonSchema] => {
    const { path, tag, ...texts } = otherEndpoints[name];
    return [templateOf(path), { get: { operationId: name, ...texts, tags: [tag], ...answersOf(name, info) } }];
  });
  return Object.fromEntries(paths);
}
