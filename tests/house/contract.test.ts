import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiRouters, createExpress } from "../../routes/app.ts";
import { templateOf } from "../../utils/contract/docs/openapi.ts";
import { commands } from "../../utils/contract/events.ts";
import { type Operation, operations } from "../../utils/contract/operations/index.ts";
import { downloadExportPath } from "../../utils/contract/schemas/privacy.ts";
import { newId } from "../../utils/ids.ts";
import { type App, bootApp } from "../support/app.ts";
import { createRest } from "../support/client.ts";
import { type TestDatabase, testDatabase } from "../support/database/db.ts";
import { makeGuest } from "../support/factories.ts";
import { connect } from "../support/sockets/sockets.ts";
import { allFiles, readText } from "./sources.ts";

/** What Express keeps of a router; its types say less. */
type Layer = { route?: { path: string; methods: Record<string, boolean> }; handle: { stack?: Layer[] } };

const doors = (stack: readonly Layer[]): string[] =>
  stack.flatMap(({ route, handle }) =>
    route ? Object.keys(route.methods).map((method) => `${method} ${route.path}`) : doors(handle.stack ?? []),
  );

const doorOf = ({ method, path }: Operation): string => `${method} ${path}`;
const promised = Object.values<Operation>(operations).map(doorOf);

/** The contract's own pages: described by themselves. */
const pages = ["get /api/openapi.json", "get /api/asyncapi.json", "get /api/docs", "get /api/docs.css"];

/** Doors that no program calls by itself: a link that the contract hands out, and the outbox, which production has not. */
const aside = [`get ${downloadExportPath}`, "get /api/dev/outbox"];

let database: TestDatabase;
let app: App;

beforeAll(async () => {
  database = await testDatabase();
  app = await bootApp({ database: database.url });
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

describe("REST", () => {
  it("has a route for every operation of the contract, and no other", () => {
    const live = apiRouters(app.deps).flatMap((router) => doors(router.stack as unknown as Layer[]));
    expect([...live].sort()).toEqual([...promised].sort());
  });

  it("has no other door under /api in the whole app", () => {
    const { router } = createExpress(app.deps) as unknown as { router: { stack: Layer[] } };
    const live = doors(router.stack).filter((door) => / \/api\b/.test(door));
    expect([...live].sort()).toEqual([...promised, ...pages, ...aside].sort());
  });

  const listed = Object.values<Operation>(operations).map((operation) => [doorOf(operation), operation] as const);

  it.each(listed)(
    "answers a stranger at %s with their budget, or asks for the CSRF token first",
    async (_door, { method, path, caller }) => {
      const { status, headers, body } = await createRest(app.url).call(method.toUpperCase(), path.replace(/:\w+/g, newId));
      if (caller === "csrf") {
        expect([status, (body as { code?: string }).code]).toEqual([403, "csrf_failed"]);
        expect(headers).not.toHaveProperty("ratelimit-limit");
      } else {
        expect(Number(headers["ratelimit-limit"])).toBeGreaterThan(0);
        expect(Number(headers["ratelimit-remaining"])).toBeLessThan(Number(headers["ratelimit-limit"]));
        expect(status === 401).toBe(caller === "bearer");
      }
    },
  );
});

describe("the socket", () => {
  it("listens to every command of the contract, and to no other", async () => {
    const { token } = await makeGuest(app.services);
    const live = await connect(app.url, token);
    const codeOf = async (name: string): Promise<string> => {
      const answer = await live.emitRaw(name, { nonsense: true });
      return answer.ok ? "ok" : answer.error.code;
    };
    for (const name of Object.keys(commands))
      expect([name, await codeOf(name)]).toEqual([name, expect.not.stringMatching("unknown_command")]);
    for (const name of ["sendMessage", "toString", "__proto__"]) expect([name, await codeOf(name)]).toEqual([name, "unknown_command"]);
    live.close();
  });
});

describe("the documents", () => {
  const texts = allFiles()
    .filter((path) => path.endsWith(".md"))
    .map((path) => ({ path, text: readText(path) }));
  const known = [
    ...Object.values<Operation>(operations).map(({ path }) => path),
    ...[...pages, ...aside].map((page) => page.split(" ")[1] ?? ""),
  ];
  const isKnown = (named: string): boolean =>
    known.some((path) => path === named || templateOf(path) === named || path.startsWith(`${named}/`));

  it("name no REST path that does not exist", () => {
    const named = texts.flatMap(({ path, text }) =>
      [...text.matchAll(/\/api(\/[\w:{}.-]+)+/g)].map(([found]) => `${path}: ${found.replace(/\.$/, "")}`),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((entry) => !isKnown(entry.split(": ")[1] ?? ""))).toEqual([]);
  });

  it("name no script that package.json does not have", () => {
    const { scripts } = JSON.parse(readText("package.json")) as { scripts: Record<string, string> };
    const named = texts.flatMap(({ path, text }) => [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script = ""]) => ({ path, script })));
    expect(named.filter(({ script }) => !(script in scripts))).toEqual([]);
  });

  it("link to no file that does not exist", () => {
    const files = new Set(allFiles());
    const links = texts.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, target = ""]) => ({ path, target })),
    );
    const broken = links.filter(({ path, target }) => {
      const found = new URL(target, `file:///${path}`).pathname.slice(1);
      return !files.has(found) && !allFiles().some((file) => file.startsWith(`${found.replace(/\/$/, "")}/`));
    });
    expect(broken).toEqual([]);
  });
});
