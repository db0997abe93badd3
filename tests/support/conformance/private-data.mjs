// Finds private data in logs. Plain JavaScript, because `npm test` runs it before anything is built.
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Values that are recognizable by their format. */
const FORMS = [
  ["an e-mail address", /[\w.+-]+@[\w-]+\.[\w.]{2,}/],
  ["a phone number", /(?<![\w.:/-])\+\d{7,15}\b/],
  ["an access token", /\beyJ[\w-]{10,}\.[\w-]+/],
  ["an API token", /\bcrb_[\w-]{10,}/],
  ["a refresh token or a proof", /(?<![\w/+-])[\w-]{43}(?![\w/+-])/],
];

/** Fields of a request whose values must never appear in a log. */
const SECRET = /^(password|newPassword|currentPassword|code|totpCode|phoneNumber|email|token|phoneProof|birthDate)$/;

/** Shorter values would be found by chance. */
const SHORTEST = 6;

function secretsOf(value, key = "") {
  if (typeof value === "string") return SECRET.test(key) && value.length >= SHORTEST ? [value] : [];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, inner]) => secretsOf(inner, Array.isArray(value) ? key : name));
}

const write = (kind, text) => {
  const folder = process.env.TEST_LOGS;
  if (folder !== undefined && text !== "") appendFileSync(join(folder, `${process.pid}.${kind}`), text);
};

/** Records the secrets that a test sends, so that the logs of the run can be searched for them. */
export const noteSecrets = (body) =>
  write(
    "secrets",
    secretsOf(body)
      .map((secret) => `${JSON.stringify(secret)}\n`)
      .join(""),
  );

/** Records what a server logs in a test. */
export const noteLog = (text) => write("log", text.endsWith("\n") ? text : `${text}\n`);

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Returns the private data of a log as a list of kinds and lines. Skips lines of the outbox, where developers read their codes. */
export function findPrivate(lines, secrets) {
  const words = [...new Set(secrets)].map((secret) => new RegExp(`(?<![\\w-])${escaped(secret)}(?![\\w-])`));
  const kindsOf = (line) => [
    ...FORMS.filter(([, form]) => form.test(line)).map(([kind]) => kind),
    ...(words.some((word) => word.test(line)) ? ["something a caller sent as a secret"] : []),
  ];
  return lines.filter((line) => !/ outbox: /.test(line)).flatMap((line) => kindsOf(line).map((kind) => ({ kind, line })));
}

/** Searches the logs of all servers of a test run. */
export function searchLogs(folder) {
  const read = (kind) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(`.${kind}`))
      .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean));
  const lines = read("log");
  const secrets = read("secrets").map((line) => JSON.parse(line));
  return { lines: lines.length, secrets: secrets.length, found: findPrivate(lines, secrets) };
}
