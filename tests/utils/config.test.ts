import { describe, expect, it } from "vitest";
import { ConfigError, loadConfig } from "../../utils/config.ts";
import { readText } from "../house/sources.ts";

const SECRET = "n3Vq8sLw0yTz5KcR1uXb7HgJ4mPd9FaEo2iQ6tWv";
const DATA_KEY = "Lw0yTz5KcR1uXb7HgJ4mPd9FaEo2iQ6tWvn3Vq8s";
const production = { NODE_ENV: "production", APP_SECRET: SECRET, DATA_KEY, PUBLIC_URL: "https://chat.test", TRUST_PROXY: "1" };
const twilio = { SMS_PROVIDER: "twilio", TWILIO_ACCOUNT_SID: "AC0123", TWILIO_AUTH_TOKEN: SECRET, TWILIO_FROM: "+15005550006" };
const smtp = { MAIL_PROVIDER: "smtp", SMTP_URL: "smtps://user:pass@mail.test", MAIL_FROM: "The Chatroom <chat@chat.test>" };

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
  it("has defaults for every setting in development", () => {
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
    const groups = ["database", "redis", "secret", "dataKeys", "metrics", "publicUrl"];
    expect(groups.filter((group) => group in config)).toEqual([]);
  });

  it("in development: sends texts and mails to the outbox and requires no phone by default", () => {
    expect(loadConfig({})).toMatchObject({
      sms: { provider: "outbox" },
      mail: { provider: "outbox" },
      signUpPhone: "optional",
      minAge: 13,
      smsDailyBudget: 500,
    });
    expect(loadConfig({ SMS_PROVIDER: "outbox" }).signUpPhone).toBe("required");
    expect(loadConfig({ SMS_PROVIDER: "outbox", SIGNUP_PHONE: "off" }).signUpPhone).toBe("off");
  });

  it("reads the countries of text messages, and defaults to those of the site's languages", () => {
    expect(loadConfig({ SMS_COUNTRIES: "de, AT ,," }).smsCountries).toEqual(["DE", "AT"]);
    const { smsCountries } = loadConfig({});
    const documented = /^# Default: ([A-Z ]+)$/m.exec(readText(".env.example"))?.[1];
    expect(documented?.split(" ")).toEqual(smsCountries);
    expect(smsCountries).toEqual(expect.arrayContaining(["US", "MX", "BR", "DE", "FR", "JP", "SA"]));
  });

  it("reads the providers", () => {
    const config = loadConfig({ ...twilio, ...smtp, TWILIO_API_URL: "http://127.0.0.1:9/x", MIN_AGE: "16", SMS_DAILY_BUDGET: "7" });
    expect(config).toMatchObject({
      sms: { provider: "twilio", accountSid: "AC0123", authToken: SECRET, from: "+15005550006", apiUrl: "http://127.0.0.1:9" },
      mail: { provider: "smtp", url: smtp.SMTP_URL, from: smtp.MAIL_FROM },
      signUpPhone: "required",
      minAge: 16,
      smsDailyBudget: 7,
    });
  });

  it.each(Object.keys({ ...twilio, ...smtp }).filter((name) => !name.endsWith("PROVIDER")))("rejects a provider without its %s", (name) => {
    const faults = faultsOf({ ...twilio, ...smtp, [name]: "" });
    expect(faults).toHaveLength(1);
    expect(faults[0]?.startsWith(`${name} is required with `)).toBe(true);
  });

  it.each([
    ["SIGNUP_PHONE", "maybe"],
    ["MIN_AGE", "old"],
    ["SMS_PROVIDER", "pigeon"],
    ["SMS_DAILY_BUDGET", "-1"],
    ["SMS_COUNTRIES", "Germany"],
    ["SMS_COUNTRIES", "DE,QQ"],
    ["SMS_COUNTRIES", ","],
    ["AUDIT_RETENTION_DAYS", "29"],
    ["TWILIO_API_URL", "ftp://twilio.test"],
    ["MAIL_PROVIDER", "post"],
    ["SMTP_URL", "https://mail.test"],
  ])("rejects %s=%s", (name, value) => {
    expect(faultsOf({ [name]: value }).every((fault) => fault.startsWith(name))).toBe(true);
    expect(faultsOf({ [name]: value })).toHaveLength(1);
  });

  it("treats an empty variable as unset", () => {
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
      DATA_KEY,
      DATA_KEY_PREVIOUS: `${DATA_KEY}old`,
    });
    expect(config).toMatchObject({
      port: 8080,
      database: { url: "postgresql://db.test/chat" },
      redis: { url: "rediss://cache.test" },
      corsOrigins: ["https://a.test", "https://b.test"],
      trustedProxies: 2,
      metrics: { token: SECRET },
      secret: { current: SECRET, previous: `${SECRET}old` },
      dataKeys: { current: DATA_KEY, previous: `${DATA_KEY}old` },
    });
  });

  it("reports every error at once, by name", () => {
    const faults = faultsOf({
      NODE_ENV: "production",
      PORT: "eighty",
      DATABASE_URL: "mysql://db",
      CORS_ORIGINS: "*",
      LOG_LEVEL: "loud",
      LIMITS_SCALE: "5",
    });
    for (const name of ["PORT", "DATABASE_URL", "CORS_ORIGINS", "LOG_LEVEL", "LIMITS_SCALE", "APP_SECRET", "DATA_KEY", "PUBLIC_URL"]) {
      expect(
        faults.some((fault) => fault.startsWith(name)),
        name,
      ).toBe(true);
    }
  });

  it("never includes a value in an error", () => {
    const env = {
      NODE_ENV: "production",
      APP_SECRET: "hunter2hunter2",
      DATA_KEY: "tr0ub4dor",
      SMTP_URL: "gopher://user:b4tterystaple@mail.test",
      METRICS_TOKEN: "aaaabbbb",
      DATABASE_URL: "mysql://user:pa55word@db.test/x",
      PORT: "99999999",
    };
    const text = faultsOf(env).join("\n");
    expect(text).not.toBe("");
    for (const value of ["hunter2", "tr0ub4dor", "b4tterystaple", "aaaabbbb", "pa55word", "99999999"]) expect(text).not.toContain(value);
  });

  it("returns an immutable object", () => {
    const config = loadConfig({});
    expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
    expect(config.port).toBe(3001);
  });

  it.each([["-1"], ["65536"], ["1e3"], ["80.5"], [" 80"], ["0x50"]])("rejects %j as a port", (PORT) => {
    expect(faultsOf({ PORT })).toHaveLength(1);
  });
});

describe("loadConfig in production", () => {
  it("accepts a strong secret and a public URL", () => {
    const config = loadConfig(production);
    expect(config).toMatchObject({ mode: "production", publicUrl: "https://chat.test", secret: { current: SECRET } });
    expect(config.dataKeys).toEqual({ current: DATA_KEY });
  });

  it("rejects SIGNUP_PHONE=required without an SMS provider", () => {
    expect(faultsOf({ ...production, SIGNUP_PHONE: "required" })).toEqual([
      "SIGNUP_PHONE=required requires SMS_PROVIDER, because no one could sign up otherwise",
    ]);
    expect(loadConfig({ ...production, ...twilio, SIGNUP_PHONE: "required" }).signUpPhone).toBe("required");
  });

  it("without providers: sends no messages and does not require a phone", () => {
    const config = loadConfig(production);
    expect(["sms" in config, "mail" in config, config.signUpPhone]).toEqual([false, false, "optional"]);
    expect(loadConfig({ ...production, ...twilio, ...smtp })).toMatchObject({ sms: { provider: "twilio" }, mail: { provider: "smtp" } });
  });

  it.each(["SMS_PROVIDER", "MAIL_PROVIDER"])("rejects %s=outbox", (name) => {
    expect(faultsOf({ ...production, [name]: "outbox" })).toEqual([`${name}=outbox is for development only`]);
  });

  it.each([["APP_SECRET"], ["DATA_KEY"], ["PUBLIC_URL"]])("rejects a missing %s", (name) => {
    expect(faultsOf({ ...production, [name]: "" })).toEqual([`${name} is required in production`]);
  });

  it.each([
    ["too short", "Ab3dEf6hIj9k"],
    ["of few characters", "abababababababababababababababababababab"],
    ["a placeholder", "change-me-n3Vq8sLw0yTz5KcR1uXb7HgJ4mPd9F"],
    ["a placeholder in capitals", "CHANGE-ME-n3Vq8sLw0yTz5KcR1uXb7HgJ4mPd"],
  ])("rejects secrets that are %s", (_, weak) => {
    for (const name of ["APP_SECRET", "APP_SECRET_PREVIOUS", "DATA_KEY", "DATA_KEY_PREVIOUS", "METRICS_TOKEN"]) {
      expect(faultsOf({ ...production, [name]: weak }).map((fault) => fault.split(" ")[0])).toEqual([name]);
    }
  });

  it("requires the number of proxies if the public URL is https, and accepts 0", () => {
    const faults = faultsOf({ ...production, TRUST_PROXY: "" });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^TRUST_PROXY is required if PUBLIC_URL is https/);
    expect(loadConfig({ ...production, TRUST_PROXY: "0" }).trustedProxies).toBe(0);
    expect(loadConfig({ ...production, TRUST_PROXY: "", PUBLIC_URL: "http://chat.test" }).trustedProxies).toBe(0);
    expect(loadConfig({ PUBLIC_URL: "https://chat.test" }).trustedProxies).toBe(0);
  });

  it("rejects raised limits, which are for development only", () => {
    expect(faultsOf({ ...production, LIMITS_SCALE: "1000" })).toHaveLength(1);
    expect(loadConfig({ LIMITS_SCALE: "1000" }).limitsScale).toBe(1_000);
    expect(loadConfig({ ...production, LIMITS_SCALE: "1" }).limitsScale).toBe(1);
  });
});
