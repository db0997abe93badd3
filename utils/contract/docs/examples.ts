import { type JsonSchema, namedSchemas, objectOf } from "./schemas.ts";

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const exampleOfObject = (properties: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, exampleOf(objectOf(schema))]));

/**
 * Composes an example of a schema: its own, or one of its parts. Objects have all of their properties, lists one item, and unions are
 * represented by their first member. Returns undefined if a part has no example.
 */
export function exampleOf(schema: JsonSchema): unknown {
  const { $ref, anyOf, oneOf, examples, enum: values, type } = schema;
  if (Array.isArray(examples)) return examples[0];
  if ("const" in schema) return schema.const;
  if (typeof $ref === "string") return exampleOf(namedSchemas()[$ref.split("/").at(-1) ?? ""] ?? {});
  if (Array.isArray(values)) return values[0];
  const [choice] = listOf(anyOf ?? oneOf);
  if (choice !== undefined) return exampleOf(objectOf(choice));
  if (type === "array") return [exampleOf(objectOf(schema.items))];
  if (type === "object") return exampleOfObject(objectOf(schema.properties));
  if (type === "boolean") return false;
  return type === "null" ? null : undefined;
}

/** Returns the content of a request or response body: its schema with an example. */
export const contentOf = (schema: JsonSchema, type = "application/json"): JsonSchema => ({
  [type]: { schema, example: exampleOf(schema) },
});
