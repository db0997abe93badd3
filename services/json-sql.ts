/** Returns the SQL expression of the public fields of a user, as `AuthorDto` in JSON. `alias` is the joined row of `users`. */
export const authorJson = (alias: string): string => `jsonb_build_object('id', ${alias}.id, 'displayName', ${alias}.display_name,
    'avatarUrl', ${alias}.avatar_url, 'kind', ${alias}.kind, 'role', ${alias}.role)`;

/** Returns the SQL expression of a time as text in the format of the API: ISO 8601 in UTC, with milliseconds. */
export const momentSql = (value: string): string => `to_char(${value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
