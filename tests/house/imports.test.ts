import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { type Import, importsOf, parametersOf, sourceFiles } from "./sources.ts";

/** The folders that each folder may import, in addition to its own files. `server.ts` and the tests may import everything. */
const mayImport: Record<string, readonly string[]> = {
  public: ["utils/contract", "utils/client"],
  routes: ["middleware", "services", "utils"],
  jobs: ["services", "prisma", "utils"],
  middleware: ["services", "utils"],
  services: ["prisma", "utils"],
  prisma: ["utils"],
  utils: [],
  "utils/client": ["utils/contract"],
  "utils/contract": [],
};

/**
 * The domains of `services`, lowest first: shared infrastructure, people, actors, rooms, messages, conversations, and what reacts to them.
 * A domain imports code only from earlier ones; it notifies later ones by events (`services/domain-events.ts`).
 */
const domains: readonly string[] = [
  "adapters",
  "audit",
  "history",
  "limits",
  "mail",
  "sanctions",
  "vault",
  "backup",
  "users",
  "contacts",
  "auth",
  "roles",
  "trust",
  "rooms",
  "raids",
  "lounges",
  "automod",
  "messages",
  "conversations",
  "notifications",
  "search",
  "moderation",
  "privacy",
  "presence",
  "blocks",
  "bots",
  "guests",
  "room-views",
  "previews",
  "account",
  "realtime",
];

/** Returns the domain of a file in `services`, or null. */
const domainOf = (path: string): string | null => /^services\/([^/]+)\//.exec(path)?.[1] ?? null;

/** A folder with more files than this covers more than one topic. */
const MAX_FILES = 18;

const roomOf = (path: string): string => /^utils\/(client|contract)\//.exec(path)?.[0].slice(0, -1) ?? path.split("/")[0] ?? path;

/** `utils` contains `utils/contract`; a folder that may import the first may import the second. */
const isInside = (room: string, allowed: string): boolean => room === allowed || room.startsWith(`${allowed}/`);

const files = sourceFiles();
const imports = new Map<string, Import[]>(files.map((path) => [path, importsOf(path)]));
const governed = files.filter((path) => roomOf(path) in mayImport);
const all = [...imports].flatMap(([from, list]) => list.map((one) => ({ from, ...one })));

/** Returns the first cycle along run-time imports, or null. */
function circleFrom(start: string, done: Set<string>): string[] | null {
  const path: string[] = [];
  const visit = (file: string): string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    path.push(file);
    for (const one of imports.get(file) ?? []) {
      const circle = one.file !== null && !one.isType ? visit(one.file) : null;
      if (circle) return circle;
    }
    path.pop();
    done.add(file);
    return null;
  };
  return visit(start);
}

describe("the import table", () => {
  it("lists every folder with code", () => {
    const rooms = new Set(files.filter((path) => path.includes("/")).map(roomOf));
    expect([...rooms].filter((room) => !(room in mayImport) && room !== "tests" && room !== "scripts")).toEqual([]);
    expect(governed.length).toBeGreaterThan(50);
  });

  it("is followed by every file", () => {
    const broken = all
      .filter(({ from, file }) => roomOf(from) in mayImport && file !== null)
      .filter(
        ({ from, file }) => ![roomOf(from), ...(mayImport[roomOf(from)] ?? [])].some((allowed) => isInside(roomOf(file ?? ""), allowed)),
      )
      .map(({ from, file }) => `${from} imports ${file}`);
    expect(broken).toEqual([]);
  });

  it("allows only tests to import tests or the composition root", () => {
    const broken = all.filter(
      ({ from, file }) => !from.startsWith("tests/") && file !== null && (file.startsWith("tests/") || file === "server.ts"),
    );
    expect(broken).toEqual([]);
  });

  it("keeps HTTP out of the services, and Socket.IO except for its types in services/realtime", () => {
    const packages = all.filter(({ from, file }) => from.startsWith("services/") && file === null);
    const http = packages.filter(({ specifier }) => /^(express|node:https?|cookie-parser|helmet)$/.test(specifier));
    const sockets = packages.filter(
      ({ from, specifier, isType }) => specifier === "socket.io" && !(isType && from.startsWith("services/realtime/")),
    );
    expect([...http, ...sockets].map(({ from, specifier }) => `${from} imports ${specifier}`)).toEqual([]);
  });

  it("allows the contract to import only zod and itself", () => {
    const broken = all.filter(({ from, specifier, file }) => from.startsWith("utils/contract/") && file === null && specifier !== "zod");
    expect(broken).toEqual([]);
  });

  it("allows the client to import at run time only itself and the parts of the contract without packages; only its Node.js entry, which the page does not use, imports socket.io-client", () => {
    const packages = all.filter(({ from, isType, file }) => from.startsWith("utils/client/") && file === null && !isType);
    expect(packages.map(({ from, specifier }) => `${from} imports ${specifier}`)).toEqual([
      "utils/client/client.ts imports socket.io-client",
    ]);
    const users = all.filter(({ from, file }) => file === "utils/client/client.ts" && !from.startsWith("tests/"));
    expect(users.map(({ from }) => from)).toEqual([]);
    const values = all.filter(
      ({ from, isType, file }) => from.startsWith("utils/client/") && file?.startsWith("utils/contract/") && !isType,
    );
    expect([...new Set(values.map(({ file }) => file))].sort()).toEqual([
      "utils/contract/limits.ts",
      "utils/contract/text/excerpt.ts",
      "utils/contract/timeouts.ts",
    ]);
  });

  it("orders the domains of services: each imports code only from earlier ones", () => {
    const found = new Set(files.map(domainOf).filter((domain) => domain !== null));
    expect([...found].sort()).toEqual([...domains].sort());
    const upward = all.filter(({ from, file, isType }) => {
      const importer = domainOf(from);
      const imported = file === null ? null : domainOf(file);
      return !isType && importer !== null && imported !== null && domains.indexOf(imported) > domains.indexOf(importer);
    });
    expect(upward.map(({ from, file }) => `${from} imports ${file}`)).toEqual([]);
  });

  it("contains no two files that import each other, even for types only", () => {
    const pairs = all.filter(({ from, file }) => file !== null && imports.get(file)?.some((back) => back.file === from));
    expect(pairs.map(({ from, file }) => `${from} and ${file}`)).toEqual([]);
  });

  it(`allows at most ${MAX_FILES} files in a folder`, () => {
    const counts = new Map<string, number>();
    for (const path of files) counts.set(posix.dirname(path), (counts.get(posix.dirname(path)) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > MAX_FILES)).toEqual([]);
  });

  it("requires use cases to name the services they use: no parameter has the type of all services", () => {
    const unnamed = files
      .filter((path) => path.startsWith("services/") && !["services/compose.ts", "services/context.ts"].includes(path))
      .flatMap((path) => parametersOf(path).map((parameter) => `${path}: ${parameter}`))
      .filter((parameter) => /: (Ctx|OpenCtx|Services)$/.test(parameter));
    expect(unnamed).toEqual([]);
  });

  it("contains no cycles", () => {
    const done = new Set<string>();
    expect(files.map((path) => circleFrom(path, done)).filter((circle) => circle !== null)).toEqual([]);
  });

  it("requires a file extension on every import, and that every imported file exists", () => {
    const known = new Set(files);
    const broken = all.filter(
      ({ from, file, specifier }) =>
        file !== null &&
        !known.has(file) &&
        !/\.(css|json|mjs|svg|wasm|woff2)(\?\w+)?$/.test(specifier) &&
        !file.startsWith("prisma/generated/") &&
        !from.startsWith("tests/e2e"),
    );
    expect(broken.map(({ from, specifier }) => `${from} imports ${specifier}`)).toEqual([]);
  });
});
