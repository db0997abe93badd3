import { exampleOf } from "../../utils/contract/docs/examples.ts";
import { guide, type Section } from "../../utils/contract/docs/guide.ts";
import { bodyOf, parametersOf } from "../../utils/contract/docs/openapi-operation.ts";
import { otherPaths } from "../../utils/contract/docs/other-endpoints.ts";
import { type ContractInfo, type JsonSchema, jsonSchemaOf, namedSchemas, objectOf } from "../../utils/contract/docs/schemas.ts";
import { socketDocs } from "../../utils/contract/docs/socket-docs.ts";
import { type ErrorCode, errorCodes } from "../../utils/contract/errors.ts";
import { type CommandName, commands, type ServerEventName, serverEvents } from "../../utils/contract/events.ts";
import { type Budget, budgets, caps, limits } from "../../utils/contract/limits.ts";
import { errorsOfCommand, errorsOfOperation } from "../../utils/contract/operation-errors.ts";
import { type Operation, type OperationName, operations, operationTags } from "../../utils/contract/operations/index.ts";
import { detailOf } from "../../utils/text/error-details.ts";
import { code, exampleHtml, prose, safe, table, typeOf } from "./html.ts";

const callers = {
  anyone: "Anyone.",
  csrf: "Anyone, with the CSRF cookie and X-CSRF-Token, or with a Bearer token.",
  bearer: "The bearer of an access token.",
} as const;

const codeLinks = (codes: ErrorCode[]): string => codes.map((name) => `<a href="#${name}">${code(name)}</a>`).join(" ");

const entry = (term: string, html: string): string => `<dt>${safe(term)}</dt><dd>${html}</dd>`;

const section = (id: string, title: string, html: string): string =>
  `<section aria-labelledby="${id}"><h2 id="${id}">${safe(title)}</h2>\n${html}</section>`;

function parameterTable(parameters: readonly JsonSchema[]): string {
  const rows = parameters.map(({ name, description, example, schema, ...parameter }) => [
    code(`${String(name)}${parameter.required === true ? "" : "?"}`),
    String(parameter.in),
    typeOf(objectOf(schema)),
    prose(String(description)),
    code(String(example)),
  ]);
  return table(["Parameter", "In", "Type", "Description", "Example"], rows);
}

const schemaEntries = (title: string, schema: JsonSchema, type = typeOf(schema)): string =>
  entry(title, type) + entry("Example", exampleHtml(exampleOf(schema), `Example: ${title.toLowerCase()}`));

function responseEntries({ status, output }: Operation): string {
  if (output === null) return entry("Response", `${status}, without a body`);
  const schema = jsonSchemaOf(output, "output");
  return schemaEntries("Response", schema, `${status} ${typeOf(schema)}`);
}

function operationHtml(name: OperationName, tag: string): string {
  const operation: Operation = operations[name];
  const parameters = parametersOf(operation, jsonSchemaOf(operation.input, "input"));
  const body = bodyOf(operation);
  const entries = [
    entry("Tag", safe(tag)),
    entry("Caller", safe(callers[operation.caller])),
    entry("Rate limit", `<a href="#limits">${safe(operation.budget)}</a>`),
    ...(body ? [schemaEntries("Request body", body)] : []),
    responseEntries(operation),
    entry("Errors", codeLinks(errorsOfOperation(operation))),
  ];
  const title = `<h3 id="${name}"><span class="method ${operation.method}">${operation.method.toUpperCase()}</span> ${code(operation.path)}</h3>`;
  return `<article aria-labelledby="${name}">${title}<p>${prose(operation.summary)}</p>${parameterTable(parameters)}<dl>${entries.join("")}</dl></article>`;
}

type SocketTexts = { readonly id: string; readonly summary: string; readonly entries: readonly string[] };

function socketHtml(name: CommandName | ServerEventName, { id, summary, entries }: SocketTexts): string {
  const { tag, description } = socketDocs[name];
  const list = [entry("Tag", safe(tag)), ...entries].join("");
  return `<article aria-labelledby="${id}"><h3 id="${id}">${code(name)}</h3><p>${prose(summary)} ${prose(description)}</p><dl>${list}</dl></article>`;
}

function commandHtml(name: CommandName): string {
  const { summary, input, output } = commands[name];
  const entries = [
    schemaEntries("Payload", jsonSchemaOf(input, "input")),
    schemaEntries("Data of the ack", jsonSchemaOf(output, "output")),
    entry("Errors", codeLinks(errorsOfCommand(name))),
  ];
  return socketHtml(name, { id: `command-${name}`, summary, entries });
}

function eventHtml(name: ServerEventName): string {
  const { summary, payload } = serverEvents[name];
  return socketHtml(name, { id: `event-${name}`, summary, entries: [schemaEntries("Payload", jsonSchemaOf(payload, "output"))] });
}

const guideHtml = ({ id, title, rules }: Section): string =>
  `<article aria-labelledby="guide-${id}"><h3 id="guide-${id}">${safe(title)}</h3><ul>${rules.map((rule) => `<li>${prose(rule)}</li>`).join("")}</ul></article>`;

const tagHtml = ({ name, description, operations: ofTag }: (typeof operationTags)[number]): string =>
  `<p><strong>${safe(name)}.</strong> ${safe(description)}</p>\n${ofTag.map((operation) => operationHtml(operation, name)).join("\n")}`;

/** Renders an endpoint that is not an operation from its OpenAPI description. */
function otherHtml(path: string, { operationId, summary, description, parameters, tags, responses }: JsonSchema): string {
  const id = String(operationId);
  const success = objectOf(objectOf(responses)[200]);
  const bodies = Object.entries(objectOf(success.content)).flatMap(([type, body]) => {
    const { schema, example } = objectOf(body);
    const title = `200 ${code(type)} ${schema === undefined ? "" : typeOf(objectOf(schema))}`;
    return [entry("Response", title), ...(example === undefined ? [] : [entry("Example", exampleHtml(example, `Example: ${id}`))])];
  });
  const title = `<h3 id="${id}"><span class="method get">GET</span> ${code(path)}</h3>`;
  const texts = `<p>${prose(String(summary))} ${prose(String(description))}</p>`;
  const rows = parameterTable(Array.isArray(parameters) ? parameters.map(objectOf) : []);
  return `<article aria-labelledby="${id}">${title}${texts}${rows}<dl>${entry("Tag", safe(String(tags)))}${bodies.join("")}</dl></article>`;
}

const othersHtml = (info: ContractInfo): string =>
  Object.entries(otherPaths(info))
    .map(([path, { get }]) => otherHtml(path, objectOf(get)))
    .join("\n");

const shapesHtml = (): string =>
  Object.entries(namedSchemas())
    .map(
      ([name, schema]) =>
        `<article aria-labelledby="shape-${name}"><h3 id="shape-${name}">${safe(name)}</h3><p>${prose(String(schema.description))}</p>${typeOf(schema)}</article>`,
    )
    .join("\n");

const errorsHtml = ({ statusOf }: ContractInfo): string =>
  table(
    ["Code", "Status", "Meaning"],
    errorCodes.map((name) => [`<code id="${name}">${name}</code>`, String(statusOf(name)), safe(detailOf(name))]),
  );

const windowText = ({ points, windowMs }: Budget): string => `${points} in ${windowMs / 1_000} s`;

function limitsHtml(): string {
  const budgetRows = Object.entries(budgets).map(([name, list]) => [code(name), safe(list.map(windowText).join(" and "))]);
  const limitRows = Object.entries({ ...caps, ...limits }).map(([name, value]) => [
    code(name),
    safe(typeof value === "number" ? String(value) : `${value.min} to ${value.max}`),
  ]);
  return `${table(["Rate limit", "Calls"], budgetRows)}${table(["Limit", "Value"], limitRows)}`;
}

const named = <Name extends string>(record: Record<Name, unknown>): Name[] => Object.keys(record) as Name[];

const chapters = (info: ContractInfo): [string, string, string][] => [
  ["guide", "How to use it", guide(info.csrfCookie).map(guideHtml).join("\n")],
  ["rest", "REST", operationTags.map(tagHtml).join("\n")],
  ["other", "Other endpoints", othersHtml(info)],
  ["commands", "Socket commands", named(commands).map(commandHtml).join("\n")],
  ["events", "Events", named(serverEvents).map(eventHtml).join("\n")],
  ["shapes", "Schemas", shapesHtml()],
  ["errors", "Errors", errorsHtml(info)],
  ["limits", "Limits", limitsHtml()],
];

const intro = `<p>One port serves the page, REST under <code>/api</code> and Socket.IO. An error is one object in both, <a href="#shape-Problem">Problem</a>.
For programs: <a href="/api/openapi.json">OpenAPI</a> and <a href="/api/asyncapi.json">AsyncAPI</a>.</p>`;

/** Renders the whole contract as one HTML page, without script or inline style. */
export function docsPage(info: ContractInfo): string {
  const parts = chapters(info);
  const nav = parts.map(([id, title]) => `<li><a href="#${id}">${safe(title)}</a></li>`).join("");
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>The Chatroom: API</title><link rel="stylesheet" href="/api/docs.css"></head>
<body>
<header><h1>The Chatroom: API <small>${safe(info.version)}</small></h1>${intro}<nav aria-label="Chapters"><ul>${nav}</ul></nav></header>
<main>
${parts.map(([id, title, html]) => section(id, title, html)).join("\n")}
</main>
</body>
</html>
`;
}
