/** The display names of users, by id. */
export type Names = Readonly<Record<string, string>>;

/** Returns SQL for the current display names of the users whose ids an array contains, as `Names`. */
export const namesOf = (ids: string): string =>
  `coalesce((SELECT jsonb_object_agg(p.id, p.display_name) FROM users p WHERE p.id = ANY(${ids})), '{}')`;

const MENTION = /<@([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})>/g;

/** Replaces mentioned ids in a text with names; `unknown` returns the replacement of an unknown id. */
export const withNames = (text: string, names: Names, unknown: (mention: string) => string): string =>
  text.replace(MENTION, (mention, id: string) => {
    const name = names[id.toLowerCase()];
    return name === undefined ? unknown(mention) : `@${name}`;
  });
