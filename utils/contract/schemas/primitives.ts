import { z } from "zod";

/** An identifier: a UUID (RFC 9562) in lower case. The server generates version 7. */
export const id = z.uuid().toLowerCase();

/** A time in ISO 8601 format, UTC, with milliseconds. */
export const moment = z.iso.datetime({ precision: 3 });

/** A sequence number in a room. 0 is before the first change. */
export const seq = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** A sequence number in a query string. */
export const seqText = z
  .string()
  .regex(/^\d{1,16}$/)
  .transform(Number)
  .pipe(seq);

/** A BCP 47 language tag, limited to what rooms need: `en`, `pt-BR`, `zh-Hant`. */
export const languageCode = z
  .string()
  .max(35)
  .regex(/^[a-z]{2,3}(-[A-Za-z]{4})?(-([A-Z]{2}|\d{3}))?$/);

export const languages = z.array(languageCode).max(10);

const limitText = z
  .string()
  .regex(/^\d{1,3}$/)
  .transform(Number)
  .pipe(z.number().int().min(1).max(100));

/** The default page size of a list. */
export const DEFAULT_PAGE = 50;

/** The query parameters that every list accepts. */
export const pageQuery = z.strictObject({
  cursor: z
    .string()
    .max(200)
    .regex(/^[\w.-]+$/)
    .optional(),
  limit: limitText.optional().meta({ default: DEFAULT_PAGE }),
});

/** Returns the schema of one page of a list. `nextCursor` is null on the last page. */
export const pageOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** A page of items, as services return it. */
export type Page<Item> = { items: Item[]; nextCursor: string | null };
