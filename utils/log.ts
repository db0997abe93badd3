import winston from "winston";
import type { Config } from "./config.ts";
import { limitRepeats, repeatLimits } from "./log-limit.ts";

/** Fields whose values are never logged, at any depth. */
const PRIVATE =
  /^(authorization|cookie|set-cookie|password|currentPassword|newPassword|token|accessToken|refreshToken|csrfToken|secret|code|totpCode|phone|phoneNumber|email|text|address|ip|displayName|databaseUrl|url)$/i;

const TOKENS = /\beyJ[\w-]+\.[\w-]+\.[\w-]*|\bcrb_[\w-]+|\b(postgres(?:ql)?|rediss?):\/\/[^\s"']+/g;

/** Control characters, with which a client could forge log lines or control a terminal. */
const CONTROLS = /(?![\n\t])[\p{Cc}\u2028\u2029]/gu;

const cleanText = (text: string): string =>
  text.replace(TOKENS, "[redacted]").replace(CONTROLS, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);

function describe(error: Error): Record<string, unknown> {
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    message: cleanText(error.message),
    ...(typeof code === "string" && { errorCode: code }),
    ...(error.stack && { stack: cleanText(error.stack) }),
  };
}

function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return cleanText(value);
  if (value instanceof Error) return describe(value);
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Date) return value.toISOString();
  if (depth > 5) return "[deep]";
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => redact(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, PRIVATE.test(key) ? "[redacted]" : redact(item, depth + 1)]));
}

const redacted = winston.format((info) => {
  for (const key of Object.keys(info)) info[key] = PRIVATE.test(key) ? "[redacted]" : redact(info[key]);
  return info;
});

const readable = winston.format.printf(({ level, message, timestamp, ...rest }) => {
  const fields = Object.keys(rest).length === 0 ? "" : ` ${JSON.stringify(rest)}`;
  return `${String(timestamp).slice(11, 23)} ${level.padEnd(5)} ${String(message)}${fields}`;
});

/** Creates the server's logger: JSON lines in production, readable lines in development, without secrets and personal data. */
export function createLogger(config: Pick<Config, "mode" | "logLevel">): winston.Logger {
  const { combine, timestamp, json } = winston.format;
  return winston.createLogger({
    level: config.logLevel,
    format: combine(limitRepeats(repeatLimits()), redacted(), timestamp(), config.mode === "production" ? json() : readable),
    transports: [new winston.transports.Console({ stderrLevels: ["error", "warn"] })],
  });
}
