import { type CommandName, commands, type ServerEventName, serverEvents } from "../events.ts";
import { limits } from "../limits.ts";
import { errorsOfCommand } from "../operation-errors.ts";
import { guideOf } from "./guide.ts";
import { type ContractInfo, type JsonSchema, jsonSchemaOf, usedSchemas } from "./schemas.ts";

const CHANNEL = { $ref: "#/channels/socket" };

const ref = (kind: string, name: string): JsonSchema => ({ $ref: `#/components/messages/${name}.${kind}` });

const onChannel = (kind: string, name: string): JsonSchema => ({ $ref: `#/channels/socket/messages/${name}.${kind}` });

const commandNames = Object.keys(commands) as CommandName[];
const serverEventNames = Object.keys(serverEvents) as ServerEventName[];

/** Returns the schema of a command's ack: success with data, or an error with one of the command's codes. */
function ackOf(name: CommandName): JsonSchema {
  const success = {
    type: "object",
    properties: { ok: { const: true }, data: jsonSchemaOf(commands[name].output, "output") },
    required: ["ok", "data"],
  };
  const error = { allOf: [{ $ref: "#/components/schemas/Problem" }, { properties: { code: { enum: errorsOfCommand(name) } } }] };
  return { oneOf: [success, { type: "object", properties: { ok: { const: false }, error }, required: ["ok", "error"] }] };
}

function messages(): Record<string, JsonSchema> {
  const commandMessages = commandNames.flatMap((name) => [
    [
      `${name}.command`,
      { name, summary: commands[name].summary, contentType: "application/json", payload: jsonSchemaOf(commands[name].input, "input") },
    ] as const,
    [
      `${name}.ack`,
      { name, summary: `The ack of ${name}, sent within ${limits.ackMs} ms.`, contentType: "application/json", payload: ackOf(name) },
    ] as const,
  ]);
  const eventMessages = serverEventNames.map(
    (name) =>
      [
        `${name}.fact`,
        {
          name,
          summary: serverEvents[name].summary,
          contentType: "application/json",
          payload: jsonSchemaOf(serverEvents[name].payload, "output"),
        },
      ] as const,
  );
  return Object.fromEntries([...commandMessages, ...eventMessages]);
}

/** Describes the operations from the server's point of view: it receives commands and sends events. */
function operationsOfServer(): JsonSchema {
  const commandMessages = commandNames.map((name) => {
    const reply = { channel: CHANNEL, messages: [onChannel("ack", name)] };
    return [
      name,
      { action: "receive", channel: CHANNEL, summary: commands[name].summary, messages: [onChannel("command", name)], reply },
    ] as const;
  });
  const eventMessages = serverEventNames.map(
    (name) =>
      [name, { action: "send", channel: CHANNEL, summary: serverEvents[name].summary, messages: [onChannel("fact", name)] }] as const,
  );
  return Object.fromEntries([...commandMessages, ...eventMessages]);
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
