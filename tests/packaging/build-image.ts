import { execFile } from "node:child_process";
import { chmod, cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { promisify } from "node:util";
import dockerignore from "@balena/dockerignore";
import { ROOT } from "../house/sources.ts";
import { type Account, ordinaryUser } from "./account.ts";
import { readStages, type Stage, type Step, stepsOf } from "./dockerfile.ts";

const run = promisify(execFile);
const STEP_TIMEOUT_MS = 900_000;

/**
 * The file tree of the last stage, below `root`; `path` maps a path of the image to this machine, and `env` has the values of its ENV
 * steps.
 */
export type Image = {
  readonly stage: Stage;
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  readonly path: (inImage: string) => string;
};

type Building = { readonly stage: Stage; readonly root: string; workdir: string; env: Record<string, string> };
type Options = { readonly folder: string; readonly nodeBin: string; readonly onStep: (line: string) => void };

const account = ordinaryUser();

/** Gives a folder to the account that the steps run under. */
export async function giveAway(path: string): Promise<void> {
  if ("uid" in account) await run("chown", ["-hR", `${account.uid}:${account.gid}`, path]);
}

/** Creates a `chown` that does nothing: an ordinary user can't change owners, and already owns everything in these folders. */
async function makeTools(folder: string): Promise<string> {
  const tools = join(folder, "tools");
  await mkdir(tools);
  await writeFile(join(tools, "chown"), "#!/bin/sh\n");
  await chmod(join(tools, "chown"), 0o755);
  return tools;
}

/** Copies a path of the build context, which is everything that .dockerignore does not exclude. */
async function copyContext(path: string, target: string): Promise<void> {
  const ignored = dockerignore.default().add(await readFile(join(ROOT, ".dockerignore"), "utf8"));
  const filter = (source: string): boolean => relative(ROOT, source) === "" || !ignored.ignores(relative(ROOT, source));
  await cp(join(ROOT, path), target, { recursive: true, filter });
}

/** Prefixes the absolute paths of a command or a value, which are those of the WORKDIR and VOLUME steps, with the root of a stage. */
function placeIn({ stage, root }: Pick<Building, "stage" | "root">, text: string): string {
  const known = [...stepsOf(stage, "workdir").map(({ path }) => path), ...stepsOf(stage, "volume").map(({ value }) => value)];
  return text.replaceAll(new RegExp(`(?<![\\w.])(?:${known.join("|")})(?!\\w)`, "g"), (path) => `${root}${path}`);
}

const inWorkdir = ({ root, workdir }: Building, path: string): string => join(root, path.startsWith("/") ? path : join(workdir, path));

/**
 * Performs a COPY step: copies a folder's content into the target; a file into the target if that ends with a slash, otherwise as the
 * target.
 */
async function copyStep(building: Building, step: Extract<Step, { kind: "copy" }>, sources: string | null): Promise<void> {
  const target = inWorkdir(building, step.target);
  for (const source of step.sources) {
    const isFolder = source === "." || (sources !== null && (await readdir(join(sources, source)).catch(() => null)) !== null);
    const place = isFolder || !step.target.endsWith("/") ? target : join(target, basename(source));
    if (sources === null) await copyContext(source, place);
    else await cp(join(sources, source), place, { recursive: true, verbatimSymlinks: true });
  }
  await giveAway(building.root);
}

/** The variables that a machine needs to reach its registry; `docker build` gets them from the engine's configuration. */
const NETWORK = /^(https?_proxy|no_proxy|node_extra_ca_certs|ssl_cert_file|npm_config_(registry|cafile|ca))$/i;
const network = Object.fromEntries(Object.entries(process.env).filter(([name]) => NETWORK.test(name)));

async function runStep(building: Building, command: string, path: string): Promise<void> {
  const cwd = join(building.root, building.workdir);
  const env = { ...network, PATH: path, HOME: join(building.root, "home"), ...building.env };
  await run("/bin/sh", ["-c", placeIn(building, command)], { cwd, env, timeout: STEP_TIMEOUT_MS, maxBuffer: 1e8, ...account });
}

async function perform(building: Building, step: Step, built: ReadonlyMap<string, string>, path: string): Promise<void> {
  if (step.kind === "workdir") {
    building.workdir = step.path;
    await mkdir(join(building.root, step.path), { recursive: true });
    await giveAway(building.root);
  } else if (step.kind === "env") {
    const placed = Object.entries(step.values).map(([name, value]) => [name, placeIn(building, value)]);
    building.env = { ...building.env, ...Object.fromEntries(placed) };
  } else if (step.kind === "copy") {
    const sources = step.from === null ? null : (built.get(step.from) ?? "");
    await copyStep(building, step, sources);
  } else if (step.kind === "run") await runStep(building, step.command, path);
}

/**
 * Performs the steps of the Dockerfile in empty folders, as an ordinary user, with the Node.js of `nodeBin` instead of the base image's.
 * Takes minutes, because it installs every package.
 */
export async function buildImage({ folder, nodeBin, onStep }: Options): Promise<Image> {
  const path = [await makeTools(folder), nodeBin, process.env.PATH ?? "/usr/bin:/bin"].join(":");
  const built = new Map<string, string>();
  let last: Building | null = null;
  for (const [index, stage] of readStages().entries()) {
    const root = join(folder, stage.name ?? String(index));
    last = { stage, root, workdir: "/", env: {} };
    await mkdir(join(root, "home"), { recursive: true });
    for (const step of stage.steps) {
      const begun = performance.now();
      await perform(last, step, built, path);
      if (step.kind === "run") onStep(`${step.command} (${((performance.now() - begun) / 1000).toFixed(0)} s)`);
    }
    if (stage.name !== null) built.set(stage.name, root);
  }
  if (last === null) throw new Error("The Dockerfile has no stage.");
  const { stage, root, env, workdir } = last;
  return { stage, env, workdir, path: (inImage) => join(root, inImage) };
}

export const imageAccount: Account = account;
