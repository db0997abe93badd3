import { z } from "zod";

/**
 * Descriptions and examples are shown in the API documents. Describe a schema after `.optional()` and `.nullable()`, so that the text
 * belongs to the property; a property that only uses a described schema inherits its text. Examples of objects are composed from those of
 * their properties.
 */

/** The id in examples that no more specific one suits. */
export const EXAMPLE_ID = "01993c5e-8f0b-7c2a-9d41-6b3e5f7a8c90";

/** An identifier. */
export const id = z
  .uuid()
  .toLowerCase()
  .meta({
    description: "A UUID (RFC 9562) in lower case. The server generates version 7.",
    examples: [EXAMPLE_ID],
  });

export const userId = id.meta({ description: "The id of the user.", examples: ["01993c5e-1a2b-7f30-8e55-2c4d6e8fa0b1"] });
/** The id of a user, with an example that differs from the author's. */
export const otherUserId = userId.meta({ examples: ["01993c5e-2b3c-7e41-9f66-3d5e7f90b1c2"] });
export const roomId = id.meta({
  description: "The id of the room. Conversations are rooms too.",
  examples: ["01993c5e-3d4e-7a61-b7f2-9e0c1d2b3a45"],
});
export const loungeId = id.meta({ description: "The id of the lounge.", examples: ["01993c5e-5c6d-7b82-a913-4f5e6d7c8b9a"] });
export const messageId = id.meta({ description: "The id of the message.", examples: ["01993c5e-7e8f-7d93-9a24-0b1c2d3e4f56"] });

/** A time. */
export const moment = z.iso
  .datetime({ precision: 3 })
  .meta({ description: "A time in ISO 8601 format, UTC, with milliseconds.", examples: ["2026-11-21T18:04:05.123Z"] });

/** A time at which something ends. */
export const endMoment = moment.meta({ examples: ["2026-12-21T18:04:05.123Z"] });

/** A sequence number in a room. 0 is before the first change. */
export const seq = z
  .number()
  .int()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER)
  .meta({ description: "A sequence number in the room; 0 is before the first change.", examples: [128] });

/** A sequence number in a query string. */
export const seqText = z
  .string()
  .regex(/^\d{1,16}$/)
  .transform(Number)
  .pipe(seq)
  .meta({ examples: [128] });

/** A BCP 47 language tag, limited to what rooms need: `en`, `pt-BR`, `zh-Hant`. */
export const languageCode = z
  .string()
  .max(35)
  .regex(/^[a-z]{2,3}(-[A-Za-z]{4})?(-([A-Z]{2}|\d{3}))?$/)
  .meta({ description: "A BCP 47 language tag such as `en`, `pt-BR` or `zh-Hant`.", examples: ["en"] });

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
    .optional()
    .meta({
      description: "The `nextCursor` of the previous page. If omitted, the first page is returned.",
      examples: [`1795284245123.${EXAMPLE_ID}`],
    }),
  limit: limitText.optional().meta({ description: "The maximum number of items in the response.", default: DEFAULT_PAGE, examples: [20] }),
});

/** Returns the schema of one page of a list. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item).describe("The items of this page, in the order that the operation states."),
    nextCursor: z
      .string()
      .nullable()
      .meta({
        description: "Pass it as `cursor` to get the next page. Null on the last page.",
        examples: [null],
      }),
  });

/** A page of items, as services return it. */
export type Page<Item> = { items: Item[]; nextCursor: string | null };
