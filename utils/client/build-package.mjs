// Builds the contents of the client's package: one JavaScript file, and declarations that depend on no package but socket.io-client. Run by
// utils/tooling/build.mjs with tsx, because it reads the contract's schemas.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";
import { build } from "vite";
import { jsonSchemaOf, namedSchemas } from "../contract/docs/schemas.ts";
import { commands, serverEvents } from "../contract/events.ts";
import { operations } from "../contract/operations/index.ts";
import { restriction } from "../contract/schemas/auth.ts";
import { sendMessageInput, sentMessage } from "../contract/schemas/messages.ts";
import { beatWithHeads } from "../contract/schemas/presence.ts";
import { joined, synced } from "../contract/schemas/rooms.ts";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const types = join(dist, "types");

const buildScript = () =>
  build({
    configFile: false,
    root: here,
    logLevel: "warn",
    build: {
      lib: { entry: join(here, "client.ts"), formats: ["es"], fileName: () => "client.js" },
      outDir: dist,
      emptyOutDir: false,
      target: "node20",
      minify: false,
      rolldownOptions: { external: ["socket.io-client"] },
    },
  });

/** Returns the declarations of this folder by file name, as TypeScript emits them. */
function declarations() {
  const configFile = join(here, "tsconfig.json");
  const { config } = ts.readConfigFile(configFile, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, here);
  const program = ts.createProgram([join(here, "client.ts")], { ...options, declaration: true, emitDeclarationOnly: true, noCheck: true });
  const found = new Map();
  program.emit(undefined, (path, text) => found.set(relative(options.outDir, path), text), undefined, true);
  return new Map([...found].filter(([path]) => path.startsWith("client/")).map(([path, text]) => [path.slice("client/".length), text]));
}

const FROM = /(from |import\()"(\.{1,2}\/[^"]+)\.ts"/g;

/** Returns the declarations that an entry needs, including itself, with imports adapted to the package. */
function declarationsFrom(entry) {
  const all = declarations();
  const needed = new Map();
  const visit = (name) => {
    if (needed.has(name)) return;
    const text = all.get(name);
    if (text === undefined) throw new Error(`No declaration of ${name} was written.`);
    const folder = posix.dirname(name);
    const isContract = (path) => posix.join(folder, path).startsWith("../contract/");
    const contract = `${posix.relative(folder, ".") || "."}/contract`;
    needed.set(
      name,
      text.replace(FROM, (_, start, path) => `${start}"${isContract(path) ? contract : path}.js"`),
    );
    for (const [, , path] of text.matchAll(FROM)) if (!isContract(path)) visit(`${posix.join(folder, path)}.d.ts`);
  };
  visit(entry);
  return needed;
}

const object = (properties) => ({ type: "object", properties, required: Object.keys(properties), additionalProperties: false });
const mapped = (record, change) => Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
const output = (schema) => jsonSchemaOf(schema, "output");

/** Returns the schemas of all commands, events and operations, by name. */
const tables = () => ({
  Commands: object(mapped(commands, ({ input, output: data }) => object({ input: jsonSchemaOf(input, "input"), output: output(data) }))),
  ServerEvents: object(mapped(serverEvents, ({ payload }) => output(payload))),
  Operations: object(mapped(operations, (operation) => (operation.output === null ? { type: "null" } : output(operation.output)))),
});

/** Returns the schemas that the client's declarations reference by the names of the contract's types. */
const shapes = () => ({
  ...mapped({ BeatWithHeads: beatWithHeads, Joined: joined, Synced: synced, Restriction: restriction, SentMessage: sentMessage }, output),
  SendMessageInput: jsonSchemaOf(sendMessageInput, "input"),
});

const GENERICS = `
export type LiveMessageDto = LiveMessage;
export type HeldMessageDto = HeldMessage;
export type TombstoneDto = Tombstone;
export type MessageDto = Message;
export type SentMessageDto = SentMessage;
export type AuthorDto = Author;
export type ReplyToDto = NonNullable<LiveMessage["replyTo"]>;
export type JoinedDto = Joined;
export type SyncedDto = Synced;
export type RestrictionDto = Restriction;
export type BeatWithHeadsDto = BeatWithHeads;
export type ErrorCode = Problem["code"];
export type CommandName = keyof Commands;
export type CommandInput<Name extends CommandName> = Commands[Name]["input"];
export type CommandOutput<Name extends CommandName> = Commands[Name]["output"];
export type ServerEventName = keyof ServerEvents;
export type ServerEventPayload<Name extends ServerEventName> = ServerEvents[Name];
export type OperationName = keyof Operations;
export type OperationOutput<Name extends OperationName> = Operations[Name];
export type Ack<Data> = { ok: true; data: Data } | { ok: false; error: Problem };
export type ClientToServer = {
  [Name in CommandName]: (input: CommandInput<Name>, ack: (answer: Ack<CommandOutput<Name>>) => void) => void;
};
export type ServerToClient = { [Name in ServerEventName]: (payload: ServerEventPayload<Name>) => void };
`;

/** Returns the contract's types without its schemas, so that programs do not need the schema library. */
async function contractDeclaration() {
  const schemas = { ...namedSchemas(), ...shapes(), ...tables() };
  const document = { openapi: "3.1.0", info: { title: "The Chatroom", version: "0" }, paths: {}, components: { schemas } };
  const nodes = await openapiTS(document, { rootTypes: true, rootTypesNoSchemaPrefix: true, defaultNonNullable: false, silent: true });
  return astToString(nodes) + GENERICS;
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(types, { recursive: true });
for (const [name, text] of declarationsFrom("client.d.ts")) {
  mkdirSync(dirname(join(types, name)), { recursive: true });
  writeFileSync(join(types, name), text);
}
writeFileSync(join(types, "contract.d.ts"), await contractDeclaration());
await buildScript();
