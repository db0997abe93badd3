import { describe, expect, it } from "vitest";
import { ConfigError, loadConfig } from "../../utils/config.ts";

const SECRET = "n3Vq8sLw0yTz5KcR1uXb7HgJ4mPd9FaEo2iQ6tWv";
const production = { NODE_ENV: "production", APP_SECRET: SECRET, PUBLIC_URL: "https://chat.test" };

const faultsOf = (env: NodeJS.ProcessEnv): readonly string[] => {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

describe("loadConfig", () => {
  it("needs nothing in development", () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      mode: "development",
      port: 3001,
      corsOrigins: [],
      trustedProxies: 0,
      limitsScale: 1,
      seedRooms: 0,
      logLevel: "info",
    });
    expect("database" in config || "redis" in config || "secret" in config || "metrics" in config).toBe(false);
  });

  it("takes an empty variable for an absent one", () => {
    expect(loadConfig({ PORT: "", DATABASE_URL: "", APP_SECRET: "" })).toEqual(loadConfig({}));
  });

  it("reads each group of settings", () => {
    const config = loadConfig({
      PORT: "8080",
      DATABASE_URL: "postgresql://db.test/chat",
      REDIS_URL: "rediss://cache.test",
      CORS_ORIGINS: "https://a.test, https://b.test/path",
      TRUST_PROXY: "2",
      METRICS_TOKEN: SECRET,
      APP_SECRET: SECRET,
      APP_SECRET_PREVIOUS: `${SECRET}old`,
    });
    expect(config).toMatchObject({
      port: 8080,
      database: { url: "postgresql://db.test/chat" },
      redis: { url: "rediss://cache.test" },
      corsOrigins: ["https://a.test", "https://b.test"],
      trustedProxies: 2,
      metrics: { token: SECRET },
      secret: { current: SECRET, previous: `${SECRET}old` },
    });
  });

  it("tells every fault at once, by name", () => {
    const faults = faultsOf({
      NODE_ENV: "production",
      PORT: "eighty",
      DATABASE_URL: "mysql://db",
      CORS_ORIGINS: "*",
      LOG_LEVEL: "loud",
      LIMITS_SCALE: "5",
    });
    for (const name of ["PORT", "DATABASE_URL", "CORS_ORIGINS", "LOG_LEVEL", "LIMITS_SCALE", "APP_SECRET", "PUBLIC_URL"]) {
      expect(
        faults.some((fault) => fault.startsWith(name)),
        name,
      ).toBe(true);
    }
  });

  it("never repeats a value", () => {
    const env = {
      NODE_ENV: "production",
      APP_SECRET: "hunter2hunter2",
      METRICS_TOKEN: "aaaabbbb",
      DATABASE_URL: "mysql://user:pa55word@db.test/x",
      PORT: "99999999",
    };
    const text = faultsOf(env).join("\n");
    expect(text).not.toBe("");
    for (const value of ["hunter2", "aaaabbbb", "pa55word", "99999999"]) expect(text).not.toContain(value);
  });

  it("cannot be changed afterwards", () => {
    const config = loadConfig({});
    expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
    expect(config.port).toBe(3001);
  });

  it.each([["-1"], ["65536"], ["1e3"], ["80.5"], [" 80"], ["0x50"]])("refuses %j as a port", (PORT) => {
    expect(faultsOf({ PORT })).toHaveLength(1);
  });
});

describe("in production, loadConfig", () => {
  it("accepts a strong secret and an address", () => {
    expect(loadConfig(production)).toMatchObject({ mode: "production", publicUrl: "https://chat.test", secret: { current: SECRET } });
  });

  it.each([["APP_SECRET"], ["PUBLIC_URL"]])("refuses to do without %s", (name) => {
    expect(faultsOf({ ...production, [name]: "" })).toEqual([`${name} is required in production`]);
  });

  it.each([
    ["too short", "Ab3dEf6hIj9k"],
    ["of few characters", "abababababababababababababababababababab"],
    ["a sample", "change-me-n3Vq8sLw0yTz5KcR1uXb7HgJ4mPd9F"],
    ["a sample in capitals", "CHANGE-ME-n3Vq8sLw0yTz5KcR1uXb7HgJ4mPd"],
  ])("refuses secrets that are %s", (_, weak) => {
    for (const name of ["APP_SECRET", "APP_SECRET_PREVIOUS", "METRICS_TOKEN"]) {
      expect(faultsOf({ ...production, [name]: weak }).map((fault) => fault.split(" ")[0])).toEqual([name]);
    }
  });

  it("refuses raised limits, and accepts them nowhere but in development", () => {
    expect(faultsOf({ ...production, LIMITS_SCALE: "1000" })).toHaveLength(1);
    expect(loadConfig({ LIMITS_SCALE: "1000" }).limitsScale).toBe(1_000);
    expect(loadConfig({ ...production, LIMITS_SCALE: "1" }).limitsScale).toBe(1);
  });
});
