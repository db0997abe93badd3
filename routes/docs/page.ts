import { guide, type Section } from "../../utils/contract/docs/guide.ts";
import { bodyOf } from "../../utils/contract/docs/openapi.ts";
import { otherEndpoints } from "../../utils/contract/docs/other-endpoints.ts";
import { type ContractInfo, jsonSchemaOf, namedSchemas, objectOf } from "../../utils/contract/docs/schemas.ts";
import { type ErrorCode, errorCodes } from "../../utils/contract/errors.ts";
import { type CommandName, commands, type ServerEventName, serverEvents } from "../../utils/contract/events.ts";
import { type Budget, budgets, caps, limits } from "../../utils/contract/limits.ts";
import { errorsOfCommand, errorsOfOperation } from "../../utils/contract/operation-errors.ts";
import { type Operation, type OperationName, operations, operationTags } from "../../utils/contract/operations/index.ts";
import { detailOf } from "../../utils/text/error-details.ts";
import { code, prose, safe, table, typeOf } from "./html.ts";

const callers = {
  anyone: "Anyone.",
  csrf: "Anyone, with the CSRF cookie and X-CSRF-Token, or with a Bearer token.",
  bearer: "The bearer of an access token.",
} as const;

const codeLinks = (codes: ErrorCode[]): string => codes.map((name) => `<a href="#${name}">${code(name)}</a>`).join(" ");

const entry = (term: string, html: string): string => `<dt>${safe(term)}</dt><dd>${html}</dd>`;

const section = (id: string, title: string, html: string): string =>
  `<section aria-labelledby="${id}"><h2 id="${id}">${safe(title)}</h2>\n${html}</section>`;

function queryRows({ method, path, input }: Operation): string {
  const schema = jsonSchemaOf(input, "input");
  const rows = Object.entries(objectOf(schema.properties))
    .filter(([name]) => method === "get" || path.includes(`:${name}`))
    .map(([name, inner]) => [code(name), path.includes(`:${name}`) ? "path" : "query", typeOf(objectOf(inner))]);
  return table(["Parameter", "In", "Type"], rows);
}

function operationHtml(name: OperationName): string {
  const operation: Operation = operations[name];
  const body = bodyOf(operation);
  const entries = [
    entry("Who", safe(callers[operation.caller])),
    entry("Budget", `<a href="#limits">${safe(operation.budget)}</a>`),
    ...(body ? [entry("Body", typeOf(body))] : []),
    entry(
      "Answer",
      operation.output ? `${operation.status} ${typeOf(jsonSchemaOf(operation.output, "output"))}` : `${operation.status}, without a body`,
    ),
    entry("Errors", codeLinks(errorsOfOperation(operation))),
  ];
  const title = `<h3 id="${name}"><span class="method ${operation.method}">${operation.method.toUpperCase()}</span> ${code(operation.path)}</h3>`;
  return `<article aria-labelledby="${name}">${title}<p>${prose(operation.summary)}</p>${queryRows(operation)}<dl>${entries.join("")}</dl></article>`;
}

function commandHtml(name: CommandName): string {
  const { summary, input, output } = commands[name];
  const parts = [
    entry("Payload", typeOf(jsonSchemaOf(input, "input"))),
    entry("Data of the ack", typeOf(jsonSchemaOf(output, "output"))),
    entry("Errors", codeLinks(errorsOfCommand(name))),
  ];
  return `<article aria-labelledby="command-${name}"><h3 id="command-${name}">${code(name)}</h3><p>${prose(summary)}</p><dl>${parts.join("")}</dl></article>`;
}

function eventHtml(name: ServerEventName): string {
  const { summary, payload } = serverEvents[name];
  return `<article aria-labelledby="fact-${name}"><h3 id="fact-${name}">${code(name)}</h3><p>${prose(summary)}</p><dl>${entry("Payload", typeOf(jsonSchemaOf(payload, "output")))}</dl></article>`;
}

const guideHtml = ({ id, title, rules }: Section): string =>
  `<article aria-labelledby="guide-${id}"><h3 id="guide-${id}">${safe(title)}</h3><ul>${rules.map((rule) => `<li>${prose(rule)}</li>`).join("")}</ul></article>`;

const tagHtml = ({ description, operations: ofTag }: (typeof operationTags)[number]): string =>
  `<p>${safe(description)}</p>\n${ofTag.map(operationHtml).join("\n")}`;

const otherHtml = (): string =>
  table(
    ["Endpoint", "What for"],
    Object.entries(otherEndpoints).map(([name, { path, summary }]) => [`<span id="${name}">GET ${code(path)}</span>`, prose(summary)]),
  );

const shapesHtml = (): string =>
  Object.entries(namedSchemas())
    .map(
      ([name, schema]) => `<article aria-labelledby="shape-${name}"><h3 id="shape-${name}">${safe(name)}</h3>${typeOf(schema)}</article>`,
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
  return `${table(["Budget", "Calls"], budgetRows)}${table(["Limit", "Value"], limitRows)}`;
}

const named = <Name extends string>(record: Record<Name, unknown>): Name[] => Object.keys(record) as Name[];

const chapters = (info: ContractInfo): [string, string, string][] => [
  ["guide", "How to use it", guide(info.csrfCookie).map(guideHtml).join("\n")],
  ["rest", "REST", operationTags.map(tagHtml).join("\n")],
  ["other", "Other endpoints", otherHtml()],
  ["commands", "Socket commands", named(commands).map(commandHtml).join("\n")],
  ["events", "Events", named(serverEvents).map(eventHtml).join("\n")],
  ["shapes", "Shapes", shapesHtml()],
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
