import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { contractVersion } from "../../utils/contract/docs/schemas.ts";
import { allFiles, ROOT, readText, sourceFiles } from "./sources.ts";

const LONGEST_FILE = 250;

type Manifest = { version: string; license: string; [group: string]: unknown };
type Lockfile = { packages: Record<string, { resolved?: string; integrity?: string; link?: boolean }> };
type Workspace = Manifest & { dependencies: Record<string, string> };

const manifest = JSON.parse(readText("package.json")) as Manifest;
const client = JSON.parse(readText("utils/client/package.json")) as Workspace;
const groups = ["dependencies", "devDependencies", "optionalDependencies"] as const;
const versions = groups.flatMap((group) => Object.entries((manifest[group] ?? {}) as Record<string, string>));

const isText = (path: string): boolean => !/\.(png|jpe?g|webp|ico|woff2?|ttf|otf|gz|br|wasm)$/.test(path);
const isLarge = (path: string): boolean => path === "package-lock.json";

describe("source files", () => {
  it("have at most 250 lines, except tests and data", () => {
    const long = sourceFiles()
      .filter((path) => !path.startsWith("tests/") && !path.includes("/locales/"))
      .map((path) => ({ path, lines: readText(path).trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > LONGEST_FILE);
    expect(long).toEqual([]);
  });

  it("contain no path of a local machine", () => {
    const checkout = ROOT.replace(/\/$/, "");
    const isTelling = checkout.split("/").length > 2;
    const names = (text: string): boolean => /\/(home|Users)\/(?!node\b)\w/.test(text) || (isTelling && text.includes(checkout));
    expect(allFiles().filter((path) => isText(path) && names(readText(path)))).toEqual([]);
  });

  it("contain no secret: no private key, no token", () => {
    const found = allFiles().filter(
      (path) =>
        isText(path) &&
        !isLarge(path) &&
        /-----BEGIN [A-Z ]*PRIVATE KEY-----\n|\beyJhbGciOi[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}/.test(readText(path)),
    );
    expect(found).toEqual([]);
  });
});

describe("package.json", () => {
  it("pins every dependency to one exact version", () => {
    expect(versions.length).toBeGreaterThan(20);
    expect(versions.filter(([, version]) => !/^(npm:(@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.-]+)?$/.test(version))).toEqual([]);
  });

  it("has the version that the contract's documents show, and so has the client package", () => {
    expect([contractVersion, client.version, client.license]).toEqual([manifest.version, manifest.version, manifest.license]);
  });

  it("pins the dependencies of the client package to the versions that it is tested with", () => {
    expect(Object.entries(client.dependencies)).toEqual([["socket.io-client", "4.8.4"]]);
    for (const [name, version] of Object.entries(client.dependencies)) expect([name, version]).toEqual([name, new Map(versions).get(name)]);
  });

  it("has the MIT license, as the LICENSE file does", () => {
    expect(manifest.license).toBe("MIT");
    expect(readText("LICENSE")).toMatch(/^MIT License/);
  });
});

describe("package-lock.json", () => {
  const text = readFileSync(join(ROOT, "package-lock.json"), "utf8");
  const lock = JSON.parse(text) as Lockfile;

  it("names no registry, so that any registry works, and only folders of this repository where they are linked", () => {
    expect(text).not.toMatch(/registry\.|https?:[^"]*\.tgz/);
    const resolved = Object.values(lock.packages).flatMap(({ resolved: from, link }) => (from === undefined ? [] : [{ from, link }]));
    expect(resolved).toEqual([{ from: "utils/client", link: true }]);
  });

  it("contains every dependency of package.json, with a checksum", () => {
    const missing = versions.filter(([name]) => !lock.packages[`node_modules/${name}`]?.integrity);
    expect(missing).toEqual([]);
  });
});
