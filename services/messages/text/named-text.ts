/** The display names of people, by id. */
export type Names = Readonly<Record<string, string>>;

/** SQL: the present display names of the people whose ids an array has, as `Names`. */
export const namesOf = (ids: string): string =>
  `coalesce((SELECT jsonb_object_agg(p.id, p.display_name) FROM users p WHERE p.id = ANY(${ids})), '{}')`;

const MENTION = /<@([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})>/g;

/** Returns a text with people by their names in place of their ids; `unknown` says what stands where a name is not known. */
export const withNames = (text: string, names: Names, unknown: (written: string) => string): string =>
  text.replace(MENTION, (written, id: string) => {
    const name = names[id.toLowerCase()];
    return name === undefined ? unknown(written) : `@${name}`;
  });
