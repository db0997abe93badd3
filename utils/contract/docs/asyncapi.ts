import { type CommandName, commands, type ServerEventName, serverEvents } from "../events.ts";
import { limits } from "../limits.ts";
import { errorsOfCommand } from "../operation-errors.ts";
import { exampleOf } from "./examples.ts";
import { guideOf } from "./guide.ts";
import { codeAmong, PROBLEM } from "./openapi-operation.ts";
import { type ContractInfo, type JsonSchema, jsonSchemaOf, usedSchemas } from "./schemas.ts";
import { socketDocs, socketTags } from "./socket-docs.ts";

const CHANNEL = { $ref: "#/channels/socket" };

const ref = (kind: string, name: string): JsonSchema => ({ $ref: `#/components/messages/${name}.${kind}` });

const onChannel = (kind: string, name: string): JsonSchema => ({ $ref: `#/channels/socket/messages/${name}.${kind}` });

const commandNames = Object.keys(commands) as CommandName[];
const serverEventNames = Object.keys(serverEvents) as ServerEventName[];

/** Returns the schema of a command's ack: success with data, or an error with one of the command's codes. */
function ackOf(name: CommandName): JsonSchema {
  const ok = { description: "Whether the command succeeded." };
  const data = { ...jsonSchemaOf(commands[name].output, "output"), description: "The result of the command." };
  const error = { description: "Why the command was rejected.", allOf: [PROBLEM, codeAmong(errorsOfCommand(name))] };
  return {
    oneOf: [
      { type: "object", properties: { ok: { ...ok, const: true }, data }, required: ["ok", "data"] },
      { type: "object", properties: { ok: { ...ok, const: false }, error }, required: ["ok", "error"] },
    ],
  };
}

const tagsOf = (name: CommandName | ServerEventName): JsonSchema[] => [{ name: socketDocs[name].tag }];

type Described = { readonly summary: string; readonly description: string; readonly payload: JsonSchema };

/** Returns a message of the channel, with an example of its payload. */
const messageOf = (name: CommandName | ServerEventName, { summary, description, payload }: Described): JsonSchema => ({
  name,
  summary,
  description,
  tags: tagsOf(name),
  contentType: "application/json",
  payload,
  examples: [{ summary: "Example", payload: exampleOf(payload) }],
});

function commandMessages(name: CommandName): readonly (readonly [string, JsonSchema])[] {
  const { summary, input } = commands[name];
  const command = { summary, description: socketDocs[name].description, payload: jsonSchemaOf(input, "input") };
  const ack = {
    summary: `The ack of ${name}.`,
    description: `Sent within ${limits.ackMs} ms: \`{ ok: true, data }\` if the command succeeded, otherwise \`{ ok: false, error }\`.`,
    payload: ackOf(name),
  };
  return [
    [`${name}.command`, messageOf(name, command)],
    [`${name}.ack`, messageOf(name, ack)],
  ];
}

function eventMessage(name: ServerEventName): readonly [string, JsonSchema] {
  const { summary, payload } = serverEvents[name];
  const event = { summary, description: socketDocs[name].description, payload: jsonSchemaOf(payload, "output") };
  return [`${name}.fact`, messageOf(name, event)];
}

const messages = (): Record<string, JsonSchema> =>
  Object.fromEntries([...commandNames.flatMap(commandMessages), ...serverEventNames.map(eventMessage)]);

/** Describes the operations from the server's point of view: it receives commands and sends events. */
function operationsOfServer(): JsonSchema {
  const shared = (name: CommandName | ServerEventName): JsonSchema => ({
    channel: CHANNEL,
    description: socketDocs[name].description,
    tags: tagsOf(name),
  });
  const receiving = commandNames.map((name) => {
    const reply = { channel: CHANNEL, messages: [onChannel("ack", name)] };
    const { summary } = commands[name];
    return [name, { action: "receive", summary, ...shared(name), messages: [onChannel("command", name)], reply }] as const;
  });
  const sending = serverEventNames.map((name) => {
    const { summary } = serverEvents[name];
    return [name, { action: "send", summary, ...shared(name), messages: [onChannel("fact", name)] }] as const;
  });
  return Object.fromEntries([...receiving, ...sending]);
}

const channelMessages = (): JsonSchema =>
  Object.fromEntries([
    ...commandNames.flatMap((name) => [[`${name}.command`, ref("command", name)] as const, [`${name}.ack`, ref("ack", name)] as const]),
    ...serverEventNames.map((name) => [`${name}.fact`, ref("fact", name)] as const),
  ]);

/** Returns the AsyncAPI 3.0 document of the socket's commands and events. */
export function asyncapi(info: ContractInfo): JsonSchema {
  const { protocol, host } = new URL(info.url);
  const described = messages();
  return {
    asyncapi: "3.0.0",
    info: {
      title: "The Chatroom, live",
      version: info.version,
      description: `Socket.IO 4. Connect with \`io(url, { auth: { token } })\`.\n\n${guideOf("socket")}`,
      license: { name: "MIT" },
      tags: Object.entries(socketTags).map(([name, description]) => ({ name, description })),
    },
    defaultContentType: "application/json",
    servers: {
      main: {
        host,
        pathname: "/socket.io",
        protocol: protocol === "https:" ? "wss" : "ws",
        security: [{ $ref: "#/components/securitySchemes/accessToken" }],
      },
    },
    channels: { socket: { address: "/", title: "The one namespace", servers: [{ $ref: "#/servers/main" }], messages: channelMessages() } },
    operations: operationsOfServer(),
    components: {
      schemas: usedSchemas(described),
      messages: described,
      securitySchemes: { accessToken: { type: "apiKey", in: "password", description: "`auth.token` in the Socket.IO handshake." } },
    },
  };
}
