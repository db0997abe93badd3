import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";

type Entry = { readonly version?: string; readonly optionalDependencies?: Record<string, string> };
type Lockfile = { readonly packages: Record<string, Entry> };

const readLockfile = async (): Promise<Lockfile> =>
  JSON.parse(await readFile(new URL("../../package-lock.json", import.meta.url), "utf8")) as Lockfile;

/** Returns where npm looks for a dependency of the package at `path`: in its own folder, then in those above. */
function placesOf(path: string, name: string): string[] {
  const places = [`${path === "" ? "" : `${path}/`}node_modules/${name}`];
  if (path === "") return places;
  const above = path.slice(0, Math.max(0, path.lastIndexOf("/node_modules/")));
  return [...places, ...placesOf(above, name)];
}

it("package-lock.json: lists the packages of every platform, without which `npm ci` would reject it", async () => {
  const { packages } = await readLockfile();
  const wanted = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).map((name) => ({ path, name })),
  );
  const missing = wanted.filter(({ path, name }) => !placesOf(path, name).some((place) => packages[place]?.version));
  expect(wanted.length).toBeGreaterThan(20);
  expect(missing).toEqual([]);
});
