import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { productionScripts, readStages, stepsOf } from "../packaging/dockerfile.ts";
import { allFiles, ROOT, readText } from "./sources.ts";

const run = promisify(execFile);
const image = readStages().at(-1)!;

/** What the image copies from the build stage, as paths from the repository's root. */
const copied = stepsOf(image, "copy").flatMap(({ sources }) => sources.map((path) => path.replace(/^\/app\//, "")));
const isCopied = (path: string): boolean => copied.some((one) => one === path || path.startsWith(`${one}/`));

/** Returns the source of a built file, or the file itself. */
const sourceOf = (path: string): string => path.replace(/^dist\/(.*)\.js$/, "$1.ts");

describe("the container image", () => {
  it("contains every file that a production script names, and each file has a source", () => {
    const scripts = productionScripts();
    expect(scripts.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["start", "admin", "keys:rotate", "search:rebuild", "epoch:new"]),
    );
    for (const { name, files } of scripts) {
      expect(files.length, name).toBeGreaterThan(1);
      expect(files.filter((file) => !isCopied(file))).toEqual([]);
      expect(files.map(sourceOf).filter((file) => !allFiles().includes(file))).toEqual([]);
    }
  });

  it("contains the files that its scripts import and read", () => {
    const imported = copied
      .filter((path) => path.endsWith(".mjs"))
      .flatMap((path) => [...readText(path).matchAll(/(?:from|import) "(\.[^"]+)"/g)].map(([, name = ""]) => join(dirname(path), name)));
    expect(imported).toContain("utils/tooling/node-version.mjs");
    expect([...imported, "package.json", "node_modules", "dist"].filter((path) => !isCopied(path))).toEqual([]);
  });

  it("starts the server as `npm start` does", () => {
    const { scripts } = JSON.parse(readText("package.json")) as { scripts: { start: string } };
    const [command] = stepsOf(image, "command");
    expect(scripts.start.endsWith(command?.args.join(" ") ?? "no command")).toBe(true);
  });

  it("is built and run on one even release line of Node.js that package.json allows", () => {
    const versions = new Set(readStages().map(({ image: base }) => base));
    expect([...versions]).toEqual([expect.stringMatching(/^node:(22|24|26)-bookworm-slim$/)]);
  });

  it("excludes files with secrets or data of the build machine from the build context", () => {
    const ignored = readText(".dockerignore").split("\n");
    expect(ignored).toEqual(expect.arrayContaining([".env", ".data", ".git", "node_modules", "dist", "prisma/generated"]));
  });
});

describe("utils/tooling/build.mjs", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "chatroom-build-"));
    for (const path of ["package.json", "utils/tooling/build.mjs", "utils/tooling/node-version.mjs"])
      await cp(join(ROOT, path), join(folder, path));
  });

  afterEach(() => rm(folder, { recursive: true }));

  const build = (...options: string[]) =>
    run(process.execPath, [...options, join(folder, "utils/tooling/build.mjs")]).then(
      ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, said: stdout + stderr }),
    );

  it("does nothing and prints nothing where the program is built and neither tools nor sources are present", async () => {
    for (const path of ["dist/server.js", "dist/public/index.html", "dist/prisma/generated/client.js"]) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), "");
    }
    expect(await build()).toEqual({ code: 0, said: "" });
  });

  it("prints what to run where nothing is built and no tools are present", async () => {
    expect(await build()).toEqual({ code: 1, said: expect.stringMatching(/^Nothing is built yet.* Run: npm ci .*\n$/) as string });
  });

  it.each(["18.20.8", "20.18.3"])("exits with one sentence on Node.js %s", async (version) => {
    const pretend = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
    const outcome = await build("--import", `data:text/javascript,${encodeURIComponent(pretend)}`);
    expect(outcome).toEqual({ code: 1, said: `The Chatroom needs Node.js 20.19 or later; this is ${version}.\n` });
  });
});
