import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Cmd, Copy, DockerfileParser, Env, From, Healthcheck, type Instruction, type JSONInstruction } from "dockerfile-ast";
import { ROOT } from "../house/sources.ts";

/** One instruction of a Dockerfile. `copy.from` is the name of an earlier stage, or null for the build context. */
export type Step =
  | { readonly kind: "workdir"; readonly path: string }
  | { readonly kind: "env"; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: "run"; readonly command: string }
  | { readonly kind: "copy"; readonly from: string | null; readonly sources: readonly string[]; readonly target: string }
  | { readonly kind: "command"; readonly args: readonly string[] }
  | { readonly kind: "health"; readonly args: readonly string[] }
  | { readonly kind: "user" | "volume"; readonly value: string };

/** `image` is the base image with its tag. */
export type Stage = { readonly name: string | null; readonly image: string; readonly steps: readonly Step[] };

const valuesOf = (instruction: Instruction): string[] => instruction.getArguments().map((argument) => argument.getValue());
const stringsOf = (instruction: JSONInstruction): string[] => instruction.getJSONStrings().map((one) => one.getJSONValue());

function copyStep(copy: Copy): Step {
  const values = valuesOf(copy);
  const unknown = copy.getFlags().filter((flag) => flag.getName() !== "from");
  if (unknown.length > 0) throw new Error(`COPY: the flag ${unknown[0]?.getName()} is not known to these tests`);
  return { kind: "copy", from: copy.getFromFlag()?.getValue() ?? null, sources: values.slice(0, -1), target: values.at(-1) ?? "" };
}

function healthStep(health: Healthcheck): Step {
  const text = health.getRawArgumentsContent() ?? "";
  return { kind: "health", args: JSON.parse(text.slice(text.indexOf("["))) as string[] };
}

/** Returns the step of an instruction, or null if it changes neither files nor environment. */
function stepOf(instruction: Instruction): Step | null {
  const name = instruction.getInstruction();
  const text = instruction.getRawArgumentsContent() ?? "";
  if (instruction instanceof Copy) return copyStep(instruction);
  if (instruction instanceof Healthcheck) return healthStep(instruction);
  if (instruction instanceof Cmd) return { kind: "command", args: stringsOf(instruction) };
  if (instruction instanceof Env)
    return { kind: "env", values: Object.fromEntries(instruction.getProperties().map((one) => [one.getName(), one.getValue() ?? ""])) };
  if (name === "WORKDIR") return { kind: "workdir", path: text };
  if (name === "RUN") return { kind: "run", command: text };
  if (name === "USER" || name === "VOLUME") return { kind: name === "USER" ? "user" : "volume", value: text };
  if (name === "EXPOSE") return null;
  throw new Error(`The Dockerfile has an instruction that these tests don't know: ${name}`);
}

/**
 * Returns the stages of the repository's Dockerfile, in order.
 * @throws Error on an unknown instruction or flag, so that no test skips one
 */
export function readStages(): Stage[] {
  const stages: { name: string | null; image: string; steps: Step[] }[] = [];
  for (const instruction of DockerfileParser.parse(readFileSync(join(ROOT, "Dockerfile"), "utf8")).getInstructions()) {
    if (instruction instanceof From) {
      stages.push({ name: instruction.getBuildStage(), image: instruction.getImage() ?? "", steps: [] });
      continue;
    }
    const step = stepOf(instruction);
    if (step !== null) stages.at(-1)?.steps.push(step);
  }
  return stages;
}

/** Returns the steps of one kind. */
export const stepsOf = <Kind extends Step["kind"]>(stage: Stage, kind: Kind): Extract<Step, { kind: Kind }>[] =>
  stage.steps.filter((step): step is Extract<Step, { kind: Kind }> => step.kind === kind);

/** Returns the production scripts of package.json: they build stale files and run a built file, as `npm run admin` does. */
export function productionScripts(): { readonly name: string; readonly files: readonly string[] }[] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };
  const built = Object.entries(scripts).filter(([, line]) => /^node utils\/tooling\/build\.mjs && .*\bdist\/\S+\.js$/.test(line));
  return built.map(([name, line]) => ({ name, files: line.match(/\b(utils|dist)\/\S+\.m?js\b/g) ?? [] }));
}
