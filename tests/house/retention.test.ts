import { describe, expect, it } from "vitest";
import { allJobs } from "../../jobs/index.ts";
import { retentionRules } from "../../services/audit/retention.ts";
import { settingNames } from "../../utils/config.ts";
import { allFiles, readText } from "./sources.ts";

/** Returns the tables of prisma/schema: every model, and no enum. */
function schemaTables(): string[] {
  const files = allFiles().filter((path) => path.startsWith("prisma/schema/"));
  const models = files.flatMap((path) => readText(path).match(/^model \w+ \{[\s\S]*?^\}/gm) ?? []);
  return models.map((model) => /@@map\("(\w+)"\)/.exec(model)?.[1] ?? model).sort();
}

const code = (text: string | null): string => (text === null ? "" : `\`${text}\``);

describe("the retention rules", () => {
  it("cover every table of the schema, and no table that does not exist", () => {
    expect(schemaTables().length).toBeGreaterThan(30);
    expect(retentionRules.map(({ table }) => table).sort()).toEqual(schemaTables());
  });

  it("reference only jobs and settings that exist", () => {
    const jobs = allJobs.map(({ name }) => name);
    expect(retentionRules.flatMap(({ job }) => job ?? []).filter((job) => !jobs.includes(job))).toEqual([]);
    expect(retentionRules.flatMap(({ setting }) => setting ?? []).filter((name) => !settingNames.includes(name))).toEqual([]);
  });

  it("are documented verbatim in docs/retention.md", () => {
    const rows = readText("docs/retention.md")
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    expect(rows).toEqual(
      retentionRules.map(({ table, keeps, job, setting }) => `| ${code(table)} | ${keeps} | ${code(job)} | ${code(setting)} |`),
    );
  });
});
