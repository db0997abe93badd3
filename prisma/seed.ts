import type pg from "pg";
import { newId } from "../utils/ids.ts";
import { inTransaction } from "./transaction.ts";

const SEED_LOCK = 72_707_371;

type SeedLounge = {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly accessLevel: "open" | "registered";
  readonly iconColor: string;
  readonly languages: readonly string[];
};

/** Languages by their native names. */
const LANGUAGE_NAMES: Readonly<Record<string, string>> = {
  en: "English",
  es: "Español",
  pt: "Português",
  fr: "Français",
  de: "Deutsch",
  it: "Italiano",
  ja: "日本語",
  zh: "中文",
  ko: "한국어",
  ar: "العربية",
  ru: "Русский",
  th: "ไทย",
};

const EVERY_LANGUAGE = Object.keys(LANGUAGE_NAMES);

const LOUNGES: readonly SeedLounge[] = [
  {
    slug: "town-square",
    name: "Town Square",
    description: "The place to start. Say hello, ask anything, stay for a while.",
    accessLevel: "open",
    iconColor: "#c2410c",
    languages: EVERY_LANGUAGE,
  },
  {
    slug: "language-exchange",
    name: "Language Exchange",
    description: "Practice with native speakers. Mistakes are welcome.",
    accessLevel: "open",
    iconColor: "#0f766e",
    languages: EVERY_LANGUAGE,
  },
  {
    slug: "music",
    name: "Music",
    description: "What you're listening to, what you're learning to play, and the concerts you dream of.",
    accessLevel: "open",
    iconColor: "#7e22ce",
    languages: ["en", "es", "pt", "fr", "de", "ja", "ko"],
  },
  {
    slug: "games",
    name: "Games",
    description: "Find teammates, share tips, or get help with the level no one can beat.",
    accessLevel: "open",
    iconColor: "#1d4ed8",
    languages: ["en", "es", "de", "ja", "zh", "ko", "ru", "th"],
  },
  {
    slug: "travel-and-food",
    name: "Travel & Food",
    description: "Trips worth taking and dishes worth cooking. Bring a recipe.",
    accessLevel: "open",
    iconColor: "#15803d",
    languages: ["en", "es", "fr", "it", "ja", "ar", "th"],
  },
  {
    slug: "members-corner",
    name: "Members' Corner",
    description: "A quieter lounge for members, where you meet people you already know.",
    accessLevel: "registered",
    iconColor: "#be185d",
    languages: ["en", "es", "fr", "de", "ja"],
  },
];

/** Returns lounges with `count` additional rooms in total, each language once per lounge. */
function loadLounges(count: number): SeedLounge[] {
  const lounges = Math.ceil(count / EVERY_LANGUAGE.length);
  return Array.from({ length: lounges }, (_, index) => ({
    slug: `load-${index + 1}`,
    name: `Load ${index + 1}`,
    description: "Rooms for load tests.",
    accessLevel: "open",
    iconColor: "#475569",
    languages: EVERY_LANGUAGE.slice(0, count - index * EVERY_LANGUAGE.length),
  }));
}

async function insertLounge(client: pg.PoolClient, lounge: SeedLounge, position: number): Promise<void> {
  const loungeId = newId();
  await client.query(
    `INSERT INTO lounges (id, slug, name, description, access_level, icon_color, position)
     VALUES ($1, $2, $3, $4, $5::access_level, $6, $7)`,
    [loungeId, lounge.slug, lounge.name, lounge.description, lounge.accessLevel, lounge.iconColor, position],
  );
  await client.query(
    `INSERT INTO rooms (id, kind, lounge_id, language_code, name)
     SELECT id, 'language', $1, code, name FROM unnest($2::uuid[], $3::text[], $4::text[]) AS room (id, code, name)`,
    [loungeId, lounge.languages.map(newId), lounge.languages, lounge.languages.map((code) => LANGUAGE_NAMES[code])],
  );
}

/**
 * Seeds a database that has no lounge yet, in one transaction; leaves any other database unchanged. Two concurrent processes create one
 * set. `seedRooms` additional language rooms are for load tests.
 * @returns whether anything was created
 */
export function seed(pool: pg.Pool, options: { readonly seedRooms: number }): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    await client.query("SELECT pg_advisory_xact_lock($1)", [SEED_LOCK]);
    const { rows } = await client.query("SELECT 1 FROM lounges LIMIT 1");
    if (rows.length > 0) return false;
    const lounges = [...LOUNGES, ...loadLounges(options.seedRooms)];
    for (const [position, lounge] of lounges.entries()) await insertLounge(client, lounge, position);
    return true;
  });
}
