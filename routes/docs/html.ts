import { type JsonSchema, objectOf } from "../../utils/contract/docs/schemas.ts";

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Escapes text for HTML elements and quoted attributes. */
export const safe = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char] ?? char);

/** Formats text of the contract: backticks mark code, two asterisks bold. */
export const prose = (text: string): string =>
  safe(text)
    .replace(/`([^`]+)`/g, "<code>$1</code>")
    .replace(/\*\*([^*]+)\*\*/g, "<strong>$1</strong>");

export const code = (text: string): string => `<code>${safe(text)}</code>`;

/** Renders a table; the cells are HTML already. */
export function table(heads: string[], rows: string[][]): string {
  if (rows.length === 0) return "";
  const head = heads.map((title) => `<th scope="col">${safe(title)}</th>`).join("");
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("\n");
  return `<div class="wide" tabindex="0" role="group" aria-label="${safe(heads.join(", "))}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

const list = (value: unknown): JsonSchema[] => (Array.isArray(value) ? value.map(objectOf) : []);

const bounds: readonly (readonly [string, string])[] = [
  ["minLength", "≥"],
  ["maxLength", "≤"],
  ["minItems", "≥"],
  ["maxItems", "≤"],
  ["minimum", "≥"],
  ["maximum", "≤"],
];

function boundText(schema: JsonSchema): string {
  const constraints = bounds.flatMap(([key, sign]) => (schema[key] === undefined ? [] : [`${sign} ${String(schema[key])}`]));
  if (schema["x-maxGraphemes"] !== undefined) constraints.push(`≤ ${String(schema["x-maxGraphemes"])} graphemes`);
  if (schema.default !== undefined) constraints.push(`default ${JSON.stringify(schema.default)}`);
  return constraints.length === 0 ? "" : ` <small>${safe(constraints.join(", "))}</small>`;
}

function plainType(schema: JsonSchema): string {
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type ?? "any"]).map(String);
  const named = types.map((type) => (type === "string" && typeof schema.format === "string" ? schema.format : type));
  return safe(named.join(" | "));
}

/** Returns the description of a schema, to be shown after its type; empty if it has none. */
const about = ({ description }: JsonSchema): string =>
  typeof description === "string" ? ` <span class="about">${prose(description)}</span>` : "";

const propertyLine = (name: string, schema: JsonSchema, isRequired: boolean): string =>
  `${code(name + (isRequired ? "" : "?"))} ${typeOf(schema, about(schema))}`;

function objectType(schema: JsonSchema, text: string): string {
  const required = Array.isArray(schema.required) ? schema.required : [];
  const lines = Object.entries(objectOf(schema.properties)).map(
    ([name, inner]) => `<li>${propertyLine(name, objectOf(inner), required.includes(name))}</li>`,
  );
  const values = objectOf(schema.additionalProperties);
  if (lines.length > 0) return `object${text}<ul class="shape">${lines.join("")}</ul>`;
  return Object.keys(values).length > 0 ? `map of ${typeOf(values, text)}` : `empty object${text}`;
}

const isList = ({ type, properties }: JsonSchema): boolean => type === "object" && Object.keys(objectOf(properties)).length > 0;

/** Renders the members of a union; those with a list of properties come last, so that the text stands before the list. */
function unionType(choices: readonly JsonSchema[], text: string): string {
  const inOrder = [...choices.filter((choice) => !isList(choice)), ...choices.filter(isList)];
  return inOrder.map((choice, index) => typeOf(choice, index === inOrder.length - 1 ? text : "")).join(" | ");
}

/** Renders a JSON Schema as a short description, followed by `text`, which is HTML; named schemas are links. */
export function typeOf(schema: JsonSchema, text = ""): string {
  if (typeof schema.$ref === "string") return refLink(schema.$ref) + text;
  const choices = list(schema.anyOf ?? schema.oneOf);
  if (choices.length > 0) return unionType(choices, text);
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => code(String(value))).join(" | ") + text;
  if (schema.type === "array") return `list of ${typeOf(objectOf(schema.items), boundText(schema) + text)}`;
  return schema.type === "object" ? objectType(schema, text) : plainType(schema) + boundText(schema) + text;
}

function refLink(ref: string): string {
  const name = safe(ref.split("/").at(-1) ?? ref);
  return `<a href="#shape-${name}">${name}</a>`;
}

/** Renders a text, or another value as formatted JSON. `label` names it for screen readers, because a long one can be scrolled. */
export function exampleHtml(value: unknown, label: string): string {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return `<pre tabindex="0" role="group" aria-label="${safe(label)}"><code>${safe(text)}</code></pre>`;
}
