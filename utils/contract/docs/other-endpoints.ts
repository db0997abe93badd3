import { z } from "zod";
import { downloadExportInput, downloadExportPath } from "../schemas/privacy.ts";
import { headers, PROBLEM, parametersOf, problemResponses, templateOf } from "./openapi-operation.ts";
import { type ContractInfo, type JsonSchema, jsonSchemaOf } from "./schemas.ts";

/** The response of `/health`. */
export const liveness = z.object({ status: z.literal("ok") });

/**
 * The response of `/health/ready`. Every part of the server reports whether it works (`ok`) and whether it works with restrictions
 * (`isDegraded`).
 */
export const readiness = z.object({
  status: z.enum(["ready", "degraded", "not_ready"]),
  parts: z.record(z.string(), z.looseObject({ ok: z.boolean(), isDegraded: z.boolean().optional() })),
});

/** An endpoint that is not an operation of the contract: for operators, or opened by a link. All use GET. */
export type OtherEndpoint = { readonly path: string; readonly summary: string; readonly tag: "Operations" | "People" };

export const otherEndpoints = {
  getHealth: { path: "/health", summary: "Returns 200 while the process responds (liveness).", tag: "Operations" },
  getReadiness: {
    path: "/health/ready",
    summary:
      "Returns whether this server can handle requests (readiness), and the state of every part. On 503, a load balancer stops routing to it.",
    tag: "Operations",
  },
  getMetrics: {
    path: "/metrics",
    summary:
      "Returns Prometheus metrics. Requires `METRICS_TOKEN` as the Bearer token; without that setting, available only from localhost.",
    tag: "Operations",
  },
  downloadExport: {
    path: downloadExportPath,
    summary: "Downloads the user's data as a ZIP file. The URL is the `downloadUrl` of an export and requires no token.",
    tag: "People",
  },
} as const satisfies Record<string, OtherEndpoint>;

export type OtherEndpointName = keyof typeof otherEndpoints;

const json = (schema: z.ZodType): JsonSchema => ({ "application/json": { schema: jsonSchemaOf(schema, "output") } });

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
          200: { description: "The metrics.", headers: id, content: { "text/plain": { schema: { type: "string" } } } },
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
    const { path, summary, tag } = otherEndpoints[name];
    return [templateOf(path), { get: { operationId: name, summary, tags: [tag], ...answersOf(name, info) } }];
  });
  return Object.fromEntries(paths);
}
