// Finds in logs what must never be there. Plain JavaScript: `npm test` runs it before anything is built.
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What gives itself away by its form. */
const FORMS = [
  ["an e-mail address", /[\w.+-]+@[\w-]+\.[\w.]{2,}/],
  ["a phone number", /(?<![\w.:/-])\+\d{7,15}\b/],
  ["an access token", /\beyJ[\w-]{10,}\.[\w-]+/],
  ["an API token", /\bcrb_[\w-]{10,}/],
  ["a refresh token or a proof", /(?<![\w/+-])[\w-]{43}(?![\w/+-])/],
];

/** Fields of a call whose values nobody may find in a log. */
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

/** Remembers what a test sends as a secret, so that the logs of the run can be searched for it. */
export const noteSecrets = (body) =>
  write(
    "secrets",
    secretsOf(body)
      .map((secret) => `${JSON.stringify(secret)}\n`)
      .join(""),
  );

/** Keeps what a server logs in a test. */
export const noteLog = (text) => write("log", text.endsWith("\n") ? text : `${text}\n`);

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** What of a log is private: a list of kinds and lines. Lines of the outbox, which is where development reads its codes, are left out. */
export function findPrivate(lines, secrets) {
  const words = [...new Set(secrets)].map((secret) => new RegExp(`(?<![\\w-])${escaped(secret)}(?![\\w-])`));
  const kindsOf = (line) => [
    ...FORMS.filter(([, form]) => form.test(line)).map(([kind]) => kind),
    ...(words.some((word) => word.test(line)) ? ["something a caller sent as a secret"] : []),
  ];
  return lines.filter((line) => !/ outbox: /.test(line)).flatMap((line) => kindsOf(line).map((kind) => ({ kind, line })));
}

/** Searches all that the servers of a test run logged. */
export function searchLogs(folder) {
  const read = (kind) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(`.${kind}`))
      .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean));
  const lines = read("log");
  const secrets = read("secrets").map((line) => JSON.parse(line));
  return { lines: lines.length, secrets: secrets.length, found: findPrivate(lines, secrets) };
}
