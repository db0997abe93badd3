// `npm run licenses`: lists every package of a production installation, on any platform, with its license, and fails if one is not
// permissive. It reads package-lock.json, which also names the packages of other platforms and works while development tools are installed.
import { readFileSync } from "node:fs";
import satisfies from "spdx-satisfies";

/** Licenses that only require attribution, as the MIT license does. */
const PERMISSIVE = [
  "MIT",
  "MIT-0",
  "ISC",
  "0BSD",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "Unlicense",
  "CC0-1.0",
  "PostgreSQL",
  "Python-2.0",
];

/** Packages that declare their license in a form npm does not read, with the license of their LICENSE file. */
const STATED = new Map([["xmlhttprequest-ssl@2.1.2", "MIT"]]);

/** Returns where Node finds `name` from the package at `path`: in its own node_modules, or in a parent's. Null if it is not found. */
function find(packages, path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))) {
    const place = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (place in packages) return place;
    if (folder === "") return null;
  }
}

/** Returns the names of what a package needs to run. Optional peers are left out: `npm prune --legacy-peer-deps` removes them. */
function needs({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta }) {
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => !peerDependenciesMeta?.[name]?.optional);
  return [...Object.keys(dependencies ?? {}), ...Object.keys(optionalDependencies ?? {}), ...peers];
}

/** Returns the paths of all packages that the package at each of `paths` needs, itself included. */
function closure(packages, paths) {
  const found = new Set();
  const queue = [...paths];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    const entry = packages[path];
    if (entry.link) queue.push(entry.resolved);
    else queue.push(...needs(entry).flatMap((name) => find(packages, path, name) ?? []));
  }
  return found;
}

function isPermissive(license) {
  try {
    return satisfies(license ?? "", PERMISSIVE);
  } catch {
    // Not an SPDX expression: "SEE LICENSE IN …", "UNLICENSED", or nothing at all.
    return false;
  }
}

/**
 * Returns the packages of a production installation by a parsed package-lock.json of version 3, sorted by name: the dependencies of the
 * project and of its workspaces, and theirs. `license` is the SPDX expression that the package declares, or null.
 */
export function productionPackages({ packages }) {
  const workspaces = Object.keys(packages).filter((path) => packages[path].link);
  const paths = [...closure(packages, ["", ...workspaces])].filter((path) => path.includes("node_modules/") && !packages[path].link);
  const listed = paths.map((path) => {
    const { name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length), version, license } = packages[path];
    return { name, version, license: license ?? STATED.get(`${name}@${version}`) ?? null };
  });
  return listed
    .map((one) => ({ ...one, isPermissive: isPermissive(one.license) }))
    .sort((a, b) => a.name.localeCompare(b.name, "en") || a.version.localeCompare(b.version, "en"));
}

if (process.argv[1] === import.meta.filename) {
  const lockfile = JSON.parse(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8"));
  const listed = productionPackages(lockfile);
  for (const { name, version, license } of listed) console.log(`${license ?? "no license"}\t${name}@${version}`);
  const rejected = listed.filter((one) => !one.isPermissive);
  for (const { name, version, license } of rejected)
    console.error(`${name}@${version}: ${license ?? "no license"} is not among the permissive licenses of utils/tooling/licenses.mjs.`);
  console.log(`${listed.length} packages, ${rejected.length} without a permissive license`);
  if (rejected.length > 0) process.exitCode = 1;
}
