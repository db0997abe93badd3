import { describe, expect, it } from "vitest";
import { ConfigError, loadConfig, settingNames } from "../../utils/config.ts";
import { readText, sourceFiles } from "./sources.ts";

const lines = readText(".env.example")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));
const sample = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));

describe(".env.example", () => {
  it("lists every setting exactly once, and no unknown one", () => {
    expect(lines.every((line) => /^[A-Z_]+=\S*$/.test(line))).toBe(true);
    expect(lines.map((line) => line.split("=")[0]).sort()).toEqual([...settingNames].sort());
  });

  it("is accepted unchanged in development", () => {
    expect(loadConfig(sample)).toMatchObject({ mode: "development", port: 3001, limitsScale: 1 });
  });

  it("is rejected unchanged in production, naming each sample value", () => {
    const start = () => loadConfig({ ...sample, NODE_ENV: "production", PUBLIC_URL: "https://chat.example.org" });
    expect(start).toThrow(ConfigError);
    expect(start).toThrow(/APP_SECRET.*METRICS_TOKEN/s);
  });
});

describe("the README", () => {
  it("lists every setting in its table", () => {
    const readme = readText("README.md");
    expect(settingNames.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });
});

describe("environment variables", () => {
  it("are read only by the composition root and by commands of package.json", () => {
    const commands = readText("package.json");
    const isCommand = (path: string): boolean => commands.includes(`dist/${path.replace(/\.ts$/, ".js")}`);
    const readers = sourceFiles().filter(
      (path) => /^(routes|middleware|services|jobs|utils)\//.test(path) && /process\.env/.test(readText(path)),
    );
    expect(readers.filter((path) => !isCommand(path))).toEqual([]);
  });
});
