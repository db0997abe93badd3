import { describe, expect, it } from "vitest";
import { apiRouters, createExpress } from "../../routes/app.ts";
import { templateOf } from "../../utils/contract/docs/openapi.ts";
import { commands } from "../../utils/contract/events.ts";
import { type Operation, operations } from "../../utils/contract/operations/index.ts";
import { downloadExportPath } from "../../utils/contract/schemas/privacy.ts";
import { newId } from "../../utils/ids.ts";
import { createRest } from "../support/client.ts";
import { makeGuest } from "../support/factories.ts";
import { appForFile } from "../support/for-file.ts";
import { connect } from "../support/sockets/sockets.ts";
import { allFiles, readText } from "./sources.ts";

/** The part of an Express router that its types do not expose. */
type Layer = { route?: { path: string; methods: Record<string, boolean> }; handle: { stack?: Layer[] } };

const endpointsOf = (stack: readonly Layer[]): string[] =>
  stack.flatMap(({ route, handle }) =>
    route ? Object.keys(route.methods).map((method) => `${method} ${route.path}`) : endpointsOf(handle.stack ?? []),
  );

const doorOf = ({ method, path }: Operation): string => `${method} ${path}`;
const promised = Object.values<Operation>(operations).map(doorOf);

/** The contract's own pages, which are not operations of it. */
const pages = ["get /api/openapi.json", "get /api/asyncapi.json", "get /api/docs", "get /api/docs.css"];

/** Endpoints that no client calls by itself: a download link that the contract returns, and the outbox, which production does not have. */
const aside = [`get ${downloadExportPath}`, "get /api/dev/outbox"];

const { app } = await appForFile();

describe("the REST routes", () => {
  it("are exactly the operations of the contract", () => {
    const live = apiRouters(app.deps).flatMap((router) => endpointsOf(router.stack as unknown as Layer[]));
    expect([...live].sort()).toEqual([...promised].sort());
  });

  it("include no other endpoint under /api", () => {
    const { router } = createExpress(app.deps) as unknown as { router: { stack: Layer[] } };
    const live = endpointsOf(router.stack).filter((endpoint) => / \/api\b/.test(endpoint));
    expect([...live].sort()).toEqual([...promised, ...pages, ...aside].sort());
  });

  const listed = Object.values<Operation>(operations).map((operation) => [doorOf(operation), operation] as const);

  it.each(listed)(
    "answer an unauthenticated caller of %s with rate limit headers, or require the CSRF token first",
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

describe("the socket commands", () => {
  it("are exactly the commands of the contract", async () => {
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

describe("the documentation", () => {
  const texts = allFiles()
    .filter((path) => path.endsWith(".md"))
    .map((path) => ({ path, text: readText(path) }));
  const known = [
    ...Object.values<Operation>(operations).map(({ path }) => path),
    ...[...pages, ...aside].map((page) => page.split(" ")[1] ?? ""),
  ];
  const isKnown = (named: string): boolean =>
    known.some((path) => path === named || templateOf(path) === named || path.startsWith(`${named}/`));

  it("lists no REST path that does not exist", () => {
    const named = texts.flatMap(({ path, text }) =>
      [...text.matchAll(/\/api(\/[\w:{}.-]+)+/g)].map(([found]) => `${path}: ${found.replace(/\.$/, "")}`),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((entry) => !isKnown(entry.split(": ")[1] ?? ""))).toEqual([]);
  });

  it("lists no script that package.json does not have", () => {
    const { scripts } = JSON.parse(readText("package.json")) as { scripts: Record<string, string> };
    const named = texts.flatMap(({ path, text }) => [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script = ""]) => ({ path, script })));
    expect(named.filter(({ script }) => !(script in scripts))).toEqual([]);
  });

  it("contains no link to a missing file", () => {
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
