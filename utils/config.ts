import { resolve } from "node:path";
import { z } from "zod";
import { listSetting } from "./list-setting.ts";
import { countryCodes, defaultSmsCountries } from "./sms-countries.ts";

/** Placeholders used in sample configurations. Secrets that contain one are rejected. */
const SAMPLE = /change.?me|sample|example|secret|password|default|your-/i;

const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().min(min).max(max));

const origin = z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin);

const environment = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  PORT: whole(0, 65_535).default(3001),
  HOST: z.string().default("0.0.0.0"),
  DATA_DIR: z.string().default(".data"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  AUDIT_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  REDIS_URL: z.url({ protocol: /^(rediss?|unix)$/ }).optional(),
  PUBLIC_URL: origin.optional(),
  CORS_ORIGINS: listSetting.pipe(z.array(origin)).default([]),
  TRUST_PROXY: whole(0, 10).default(0),
  APP_SECRET: z.string().optional(),
  APP_SECRET_PREVIOUS: z.string().optional(),
  DATA_KEY: z.string().optional(),
  DATA_KEY_PREVIOUS: z.string().optional(),
  SIGNUP_PHONE: z.enum(["required", "optional", "off"]).optional(),
  MIN_AGE: whole(0, 120).default(13),
  SMS_PROVIDER: z.enum(["outbox", "twilio"]).optional(),
  SMS_COUNTRIES: countryCodes.default([...defaultSmsCountries]),
  SMS_DAILY_BUDGET: whole(0, 1_000_000).default(500),
  TWILIO_ACCOUNT_SID: z.string().optional(),
  TWILIO_AUTH_TOKEN: z.string().optional(),
  TWILIO_FROM: z.string().optional(),
  TWILIO_API_URL: origin.optional(),
  MAIL_PROVIDER: z.enum(["outbox", "smtp"]).optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().max(320).optional(),
  MODERATION_HOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  MODERATION_HOOK_SECRET: z.string().min(32).optional(),
  MODERATION_HOOK_TIMEOUT_MS: whole(50, 3_000).default(1_000),
  MODERATION_HOOK_ON_FAILURE: z.enum(["open", "closed"]).default("open"),
  MODERATION_HOOK_FOR: z.enum(["newcomers", "all"]).default("newcomers"),
  AUDIT_RETENTION_DAYS: whole(30, 36_500).default(365),
  TRUST_MEMBER_DAYS: whole(0, 3_650).default(7),
  TRUST_MEMBER_MESSAGES: whole(0, 10_000).default(5),
  TRUST_REGULAR_DAYS: whole(0, 3_650).default(60),
  TRUST_REGULAR_MESSAGES: whole(0, 10_000).default(100),
  TRUST_CLEAN_DAYS: whole(0, 3_650).default(30),
  LIMITS_SCALE: whole(1, 1_000_000).default(1),
  METRICS_TOKEN: z.string().optional(),
  SEED_ROOMS: whole(0, 10_000).default(0),
  LOG_LEVEL: z.enum(["error", "warn", "info", "debug"]).default("info"),
});

type Environment = z.infer<typeof environment>;

/** The names of all settings. `.env.example` must list every one. */
export const settingNames = Object.keys(environment.shape);

/** `from` is a number in E.164 format, or the id of a messaging service. */
export type TwilioAccount = { readonly accountSid: string; readonly authToken: string; readonly from: string; readonly apiUrl?: string };

/** An outside classifier of messages. `audience` is whose messages it gets: those of guests and newcomers, or all. */
export type HookConfig = {
  readonly url: string;
  readonly secret: string;
  readonly timeoutMs: number;
  /** What happens to a message without a verdict: `open` sends it, `closed` holds it for review. */
  readonly onFailure: "open" | "closed";
  readonly audience: "newcomers" | "all";
};

/** The validated and frozen configuration. Optional settings are groups that are either present or absent. */
export type Config = {
  readonly mode: "development" | "test" | "production";
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly database?: { readonly url: string };
  /** The role that owns the audit log in a configured database, if it is not the server's own. */
  readonly auditDatabase?: { readonly url: string };
  readonly redis?: { readonly url: string };
  readonly publicUrl?: string;
  readonly corsOrigins: readonly string[];
  /** The number of trusted proxies in front of the server; 0 means none. */
  readonly trustedProxies: number;
  /** Absent only outside production, where the server generates and stores its own. */
  readonly secret?: { readonly current: string; readonly previous?: string };
  /** Encrypts private fields. Absent only outside production, where the server generates and stores its own. */
  readonly dataKeys?: { readonly current: string; readonly previous?: string };
  /** Whether an account needs a confirmed phone number. */
  readonly signUpPhone: "required" | "optional" | "off";
  /** The minimum age in years of users who enter a date of birth. */
  readonly minAge: number;
  /** The provider of text messages; absent if there is none. */
  readonly sms?: { readonly provider: "outbox" } | ({ readonly provider: "twilio" } & TwilioAccount);
  /** Countries to which text messages are sent, as ISO 3166-1 codes. */
  readonly smsCountries: readonly string[];
  /** The maximum number of text messages per day. */
  readonly smsDailyBudget: number;
  /** The provider of e-mail; absent if there is none. */
  readonly mail?: { readonly provider: "outbox" } | { readonly provider: "smtp"; readonly url: string; readonly from: string };
  /** The outside classifier of messages; absent if there is none. */
  readonly moderationHook?: HookConfig;
  /** Audit log entries are deleted after this many days. */
  readonly auditRetentionDays: number;
  readonly limitsScale: number;
  /** What the trust levels `member` and `regular` require: the age of the account in days, messages, and days without sanctions. */
  readonly trust: {
    readonly memberDays: number;
    readonly memberMessages: number;
    readonly regularDays: number;
    readonly regularMessages: number;
    readonly cleanDays: number;
  };
  readonly metrics?: { readonly token: string };
  readonly seedRooms: number;
  readonly logLevel: "error" | "warn" | "info" | "debug";
};

/** An error that lists all invalid settings, by name and never by value. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The configuration is invalid:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.name = "ConfigError";
    this.faults = faults;
  }
}

const secretFault = (name: string, value: string | undefined): string[] => {
  if (value === undefined) return [];
  if (SAMPLE.test(value)) return [`${name} is a placeholder; generate a value with: openssl rand -base64 48`];
  const isWeak = value.length < 32 || new Set(value).size < 12;
  return isWeak ? [`${name} is too weak; generate a value with: openssl rand -base64 48`] : [];
};

/** Returns the faults of providers whose own settings are missing. */
function providerFaults(env: NodeJS.ProcessEnv): string[] {
  const needs = (isUsed: boolean, why: string, names: readonly string[]): string[] =>
    isUsed ? names.filter((name) => !env[name]).map((name) => `${name} is required with ${why}`) : [];
  return [
    ...needs(env.SMS_PROVIDER === "twilio", "SMS_PROVIDER=twilio", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM"]),
    ...needs(!!env.MODERATION_HOOK_URL, "MODERATION_HOOK_URL", ["MODERATION_HOOK_SECRET"]),
    ...needs(env.MAIL_PROVIDER === "smtp", "MAIL_PROVIDER=smtp", ["SMTP_URL", "MAIL_FROM"]),
  ];
}

const developmentProviderFaults = (env: NodeJS.ProcessEnv): string[] =>
  ["SMS_PROVIDER", "MAIL_PROVIDER"].filter((name) => env[name] === "outbox").map((name) => `${name}=outbox is for development only`);

const PROXIES_UNKNOWN = "TRUST_PROXY is required if PUBLIC_URL is https: the number of proxies in front of the server, or 0";
const LIMITS_SCALED = "LIMITS_SCALE is for load tests only and must not be set in production";

function productionFaults(env: NodeJS.ProcessEnv): string[] {
  const missing = ["APP_SECRET", "DATA_KEY", "PUBLIC_URL"].filter((name) => !env[name]).map((name) => `${name} is required in production`);
  const weak = ["APP_SECRET", "APP_SECRET_PREVIOUS", "DATA_KEY", "DATA_KEY_PREVIOUS", "METRICS_TOKEN", "MODERATION_HOOK_SECRET"].flatMap(
    (name) => secretFault(name, env[name] || undefined),
  );
  const scaled = ["1", "", undefined].includes(env.LIMITS_SCALE) ? [] : [LIMITS_SCALED];
  const unproxied = env.PUBLIC_URL?.startsWith("https:") && !env.TRUST_PROXY ? [PROXIES_UNKNOWN] : [];
  const closed =
    env.SIGNUP_PHONE === "required" && !env.SMS_PROVIDER
      ? ["SIGNUP_PHONE=required requires SMS_PROVIDER, because no one could sign up otherwise"]
      : [];
  return [...missing, ...weak, ...scaled, ...unproxied, ...closed, ...developmentProviderFaults(env)];
}

const shapeFaults = (error: z.ZodError): string[] => error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`);

/** Returns the SMS provider. Outside production it defaults to the outbox. */
function smsOf(env: Environment): Pick<Config, "sms"> {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, TWILIO_FROM: from, TWILIO_API_URL: apiUrl } = env;
  if (env.SMS_PROVIDER === "twilio" && accountSid && authToken && from)
    return { sms: { provider: "twilio", accountSid, authToken, from, ...(apiUrl && { apiUrl }) } };
  return env.NODE_ENV === "production" ? {} : { sms: { provider: "outbox" } };
}

function mailOf(env: Environment): Pick<Config, "mail"> {
  const { SMTP_URL: url, MAIL_FROM: from } = env;
  if (env.MAIL_PROVIDER === "smtp" && url && from) return { mail: { provider: "smtp", url, from } };
  return env.NODE_ENV === "production" ? {} : { mail: { provider: "outbox" } };
}

function hookOf(env: Environment): Pick<Config, "moderationHook"> {
  const { MODERATION_HOOK_URL: url, MODERATION_HOOK_SECRET: secret, MODERATION_HOOK_TIMEOUT_MS: timeoutMs } = env;
  if (!url || !secret) return {};
  return { moderationHook: { url, secret, timeoutMs, onFailure: env.MODERATION_HOOK_ON_FAILURE, audience: env.MODERATION_HOOK_FOR } };
}

function toConfig(env: Environment): Config {
  return Object.freeze({
    mode: env.NODE_ENV,
    port: env.PORT,
    host: env.HOST,
    dataDir: resolve(env.DATA_DIR),
    ...(env.DATABASE_URL && { database: { url: env.DATABASE_URL } }),
    ...(env.AUDIT_DATABASE_URL && { auditDatabase: { url: env.AUDIT_DATABASE_URL } }),
    ...(env.REDIS_URL && { redis: { url: env.REDIS_URL } }),
    ...(env.PUBLIC_URL && { publicUrl: env.PUBLIC_URL }),
    corsOrigins: env.CORS_ORIGINS,
    trustedProxies: env.TRUST_PROXY,
    ...(env.APP_SECRET && { secret: { current: env.APP_SECRET, ...(env.APP_SECRET_PREVIOUS && { previous: env.APP_SECRET_PREVIOUS }) } }),
    ...(env.DATA_KEY && { dataKeys: { current: env.DATA_KEY, ...(env.DATA_KEY_PREVIOUS && { previous: env.DATA_KEY_PREVIOUS }) } }),
    signUpPhone: env.SIGNUP_PHONE ?? (env.SMS_PROVIDER === undefined ? "optional" : "required"),
    minAge: env.MIN_AGE,
    ...smsOf(env),
    smsCountries: env.SMS_COUNTRIES,
    smsDailyBudget: env.SMS_DAILY_BUDGET,
    ...mailOf(env),
    ...hookOf(env),
    auditRetentionDays: env.AUDIT_RETENTION_DAYS,
    limitsScale: env.LIMITS_SCALE,
    trust: {
      memberDays: env.TRUST_MEMBER_DAYS,
      memberMessages: env.TRUST_MEMBER_MESSAGES,
      regularDays: env.TRUST_REGULAR_DAYS,
      regularMessages: env.TRUST_REGULAR_MESSAGES,
      cleanDays: env.TRUST_CLEAN_DAYS,
    },
    ...(env.METRICS_TOKEN && { metrics: { token: env.METRICS_TOKEN } }),
    seedRooms: env.SEED_ROOMS,
    logLevel: env.LOG_LEVEL,
  });
}

/**
 * Reads the settings from an environment. An empty variable counts as absent.
 * @throws ConfigError listing all faults at once, never values
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = environment.safeParse(given);
  const faults = [
    ...(parsed.success ? [] : shapeFaults(parsed.error)),
    ...providerFaults(env),
    ...(env.NODE_ENV === "production" ? productionFaults(env) : []),
  ];
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  return toConfig(parsed.data);
}
