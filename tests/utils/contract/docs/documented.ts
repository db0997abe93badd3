import { type JsonSchema, objectOf } from "../../../../utils/contract/docs/schemas.ts";

/** A part of a document that a reader looks up, with what its documentation lacks. */
export type Part = { readonly kind: string; readonly path: string; readonly lacks: readonly string[] };

type Fact = "description" | "example" | "tag";

const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const isPresent: Record<Fact, (part: JsonSchema) => boolean> = {
  description: ({ description }) => isText(description),
  example: ({ example, examples }) => example !== undefined || listOf(examples).length > 0,
  tag: ({ tags }) => listOf(tags).length > 0,
};

function partOf(kind: string, path: string, value: unknown, facts: readonly Fact[] = ["description"]): Part {
  return { kind, path, lacks: facts.filter((fact) => !isPresent[fact](objectOf(value))) };
}

/** Keywords that contain values and not schemas. */
const VALUES = new Set(["example", "examples", "default", "enum", "const"]);

/** Returns every property of every schema within a value, at any depth: in items, in members of unions, in maps. */
function propertiesIn(value: unknown, path: string): Part[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => propertiesIn(item, `${path}[${index}]`));
  return Object.entries(objectOf(value)).flatMap(([key, inner]) => {
    if (VALUES.has(key)) return [];
    if (key !== "properties") return propertiesIn(inner, `${path}/${key}`);
    return Object.entries(objectOf(inner)).flatMap(([name, schema]) => [
      partOf("property", `${path}.${name}`, schema),
      ...propertiesIn(schema, `${path}.${name}`),
    ]);
  });
}

/** Returns the JSON bodies of a request or a response, each of which needs an example. */
const bodiesOf = (owner: unknown, path: string): Part[] =>
  Object.entries(objectOf(objectOf(owner).content))
    .filter(([type]) => type.startsWith("text/") || type.endsWith("/json"))
    .map(([type, body]) => partOf("body", `${path} (${type})`, body, ["example"]));

function restOperation(path: string, value: unknown): Part[] {
  const { parameters, requestBody, responses } = objectOf(value);
  const successes = Object.entries(objectOf(responses)).filter(([status]) => status.startsWith("2"));
  return [
    partOf("operation", path, value, ["description", "tag"]),
    ...listOf(parameters).map((one) => partOf("parameter", `${path}?${String(objectOf(one).name)}`, one, ["description", "example"])),
    ...bodiesOf(requestBody, `${path} request`),
    ...successes.flatMap(([status, response]) => bodiesOf(response, `${path} ${status}`)),
  ];
}

/** Returns every documented part of an OpenAPI or AsyncAPI document. */
export function partsOf(document: JsonSchema): Part[] {
  const { schemas, headers, messages } = objectOf(document.components);
  const rest = Object.entries(objectOf(document.paths)).flatMap(([path, methods]) =>
    Object.entries(objectOf(methods)).flatMap(([method, operation]) => restOperation(`${method} ${path}`, operation)),
  );
  const named = (kind: string, values: unknown, facts?: readonly Fact[]): Part[] =>
    Object.entries(objectOf(values)).map(([name, value]) => partOf(kind, name, value, facts));
  return [
    ...propertiesIn({ paths: document.paths, messages, schemas }, ""),
    ...named("schema", schemas),
    ...named("header", headers),
    ...rest,
    ...named("socket operation", document.operations, ["description", "tag"]),
    ...named("message", messages, ["description", "example", "tag"]),
  ];
}
