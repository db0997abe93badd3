import pg from "pg";

/** The tables and functions of the audit log. Only these signatures change their owner: the application's role may create others. */
const TABLES = ["audit_log", "audit_chain", "audit_head", "audit_anchor"] as const;
const EXPIRE = "audit_expire(timestamptz, timestamptz, integer)";
const FUNCTIONS = [
  "audit_encode(text[])",
  "audit_ms(timestamptz)",
  "audit_content_hash(public.audit_log)",
  "audit_link_hash(public.audit_chain)",
  "audit_append()",
  "audit_refuse()",
  "audit_refuse_unless_expired()",
  EXPIRE,
] as const;

/** `app` is the role of the server, `owner` the one that will own the audit log. */
export type AuditRoles = { readonly app: string; readonly owner: string };

const IS_SEPARATE = `
  SELECT NOT EXISTS (
    SELECT FROM pg_class c WHERE c.oid = ANY($1::regclass[]) AND (pg_get_userbyid(c.relowner) <> $3 OR pg_has_role($2, c.relowner, 'MEMBER'))
  ) AND NOT EXISTS (
    SELECT FROM pg_proc p WHERE p.oid = ANY($4::regprocedure[]) AND pg_get_userbyid(p.proowner) <> $3
  ) AND NOT pg_has_role($2, (SELECT datdba FROM pg_database WHERE datname = current_database()), 'MEMBER')
    AND NOT pg_has_role($2, (SELECT nspowner FROM pg_namespace WHERE nspname = 'public'), 'MEMBER') AS "isSeparate"`;

/** Whether a role can change the audit log, as the owner of its table, of the schema or of the database. */
const OWNS = `
  SELECT pg_has_role(current_user, c.relowner, 'MEMBER') OR pg_has_role(current_user, n.nspowner, 'MEMBER')
    OR pg_has_role(current_user, d.datdba, 'MEMBER') AS "isOwner"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_database d ON d.datname = current_database()
  WHERE c.oid = to_regclass('public.audit_log')`;

const qualified = (names: readonly string[]): string[] => names.map((name) => `public.${name}`);

/**
 * Opens a connection for statements about the audit log. The search path contains only the system catalog, so that no object that the
 * application's role created is executed with the rights of this connection.
 */
export async function connectSafely(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: "chatroom audit", connectionTimeoutMillis: 5_000 });
  // A broken connection also fails its queries.
  client.on("error", () => undefined);
  await client.connect();
  await client.query("SET search_path = pg_catalog, pg_temp");
  return client;
}

async function isSeparate(client: pg.Client, { app, owner }: AuditRoles): Promise<boolean> {
  const values = [qualified(TABLES), app, owner, qualified(FUNCTIONS)];
  return (await client.query<{ isSeparate: boolean }>(IS_SEPARATE, values)).rows[0]?.isSeparate === true;
}

/** Returns the statements that give the audit log to its owner, and leave the server's role what it needs. */
function statementsFor(roles: AuditRoles, database: string): string[] {
  const [app, owner, name] = [roles.app, roles.owner, database].map((text) => pg.escapeIdentifier(text));
  return [
    `ALTER DATABASE ${name} OWNER TO ${owner}`,
    `GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ${name} TO ${app}`,
    `GRANT USAGE, CREATE ON SCHEMA public TO ${app}`,
    `GRANT USAGE ON SCHEMA public TO ${owner}`,
    ...FUNCTIONS.map((signature) => `ALTER FUNCTION public.${signature} OWNER TO ${owner}`),
    `REVOKE ALL ON FUNCTION public.${EXPIRE} FROM PUBLIC, ${app}`,
    ...TABLES.flatMap((table) => [
      `ALTER TABLE public.${table} OWNER TO ${owner}`,
      `REVOKE ALL ON public.${table} FROM PUBLIC, ${app}`,
      `GRANT SELECT ON public.${table} TO ${app}`,
    ]),
    `GRANT INSERT ON public.audit_log TO ${app}`,
  ];
}

/**
 * Gives the audit log, the schema and the database to another role than the server's, which can then only read and append entries. The
 * client may be a superuser, or `owner` while it is a member of `app` and owns the database. Does nothing when it has been done.
 * @returns whether anything was changed
 */
export async function separateAuditLog(client: pg.Client, roles: AuditRoles): Promise<boolean> {
  if (await isSeparate(client, roles)) return false;
  const { rows } = await client.query<{ name: string }>("SELECT current_database() AS name");
  await client.query("BEGIN");
  try {
    for (const statement of statementsFor(roles, rows[0]?.name ?? "")) await client.query(statement);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  }
  return true;
}

/** Whether the role of a connection owns the audit log, its schema or its database, and can therefore change entries. */
export async function ownsAuditLog(database: pg.Pool | pg.Client): Promise<boolean> {
  return (await database.query<{ isOwner: boolean }>(OWNS)).rows[0]?.isOwner === true;
}
