import { API_TOKEN_PREFIX } from "../../../utils/contract/schemas/bots.ts";
import { randomToken, sha256 } from "../../../utils/crypto.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Services } from "../../context.ts";
import type { AccessToken } from "./access-token.ts";

const SHAPE = new RegExp(`^${API_TOKEN_PREFIX}[\\w-]{43}$`);

/** The minimum interval between updates of a token's last use: a write per request would cost more than the request. */
const RECORD_INTERVAL_MS = 3_600_000;

/** Whether a text has the form of an API token; only the database knows whether it is valid. */
export const isApiToken = (text: string): boolean => text.startsWith(API_TOKEN_PREFIX);

/** Returns a new token of 256 random bits. */
export const newApiToken = (): string => `${API_TOKEN_PREFIX}${randomToken()}`;

/** Returns the hash under which an API token is stored. */
export const apiTokenHash = (token: string): Buffer => sha256(token);

const FIND = `
  SELECT s.id, s.user_id, s.created_at, s.last_used_at, s.expires_at, u.kind
  FROM api_tokens t JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id WHERE t.hash = $1`;

const RECORD_USE = "UPDATE sessions SET last_used_at = $2 WHERE id = $1 AND last_used_at < $2";

type Row = { id: string; user_id: string; created_at: Date; last_used_at: Date; expires_at: Date; kind: AccessToken["kind"] };

function recordUse({ pool, now, logger }: Pick<Services, "pool" | "now" | "logger">, row: Row): void {
  const isFirst = row.last_used_at.getTime() === row.created_at.getTime();
  if (!isFirst && now().getTime() - row.last_used_at.getTime() < RECORD_INTERVAL_MS) return;
  pool.query(RECORD_USE, [row.id, now()]).catch((error: unknown) => logger.warn("could not record the use of an API token", { error }));
}

/**
 * Reads an API token as an access token: it owns a session and is valid as long as the session.
 * @throws AppError `unauthenticated` for an unknown token
 */
export async function readApiToken(services: Pick<Services, "pool" | "now" | "logger">, token: string): Promise<AccessToken> {
  if (!SHAPE.test(token)) throw new AppError("unauthenticated");
  const { rows } = await services.pool.query<Row>({ name: "api_token", text: FIND, values: [apiTokenHash(token)] });
  const [row] = rows;
  if (row === undefined) throw new AppError("unauthenticated");
  recordUse(services, row);
  return { sub: row.user_id, sid: row.id, kind: row.kind, expiresAt: row.expires_at };
}
