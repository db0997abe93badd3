import { z } from "zod";
import { limits } from "../limits.ts";
import { liveMessage } from "./messages.ts";
import { id, pageQuery } from "./primitives.ts";

/** A part of an excerpt that matches the query, in UTF-16 units: `excerpt.slice(start, end)`. */
export const highlight = z.object({ start: z.number().int(), end: z.number().int() });
export type HighlightDto = z.infer<typeof highlight>;

/** A search result: a message with an excerpt of its text. `excerpt` is plain text, never HTML; an ellipsis marks a cut. */
export const foundMessage = liveMessage.extend({ excerpt: z.string(), highlights: z.array(highlight) });
export type FoundMessageDto = z.infer<typeof foundMessage>;

/** A time (ISO 8601 with its offset) or a whole day in UTC (`2026-11-21`). */
const when = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/**
 * Matches messages that contain every word of `q` in any order; punctuation between words is ignored. Without `q`, a filter is required.
 * `from` and `to` are inclusive: a day is included as a whole.
 */
export const searchInput = pageQuery
  .extend({
    q: z
      .string()
      .max(limits.searchUnits)
      .refine((q) => !q.includes("\0") && q.isWellFormed(), "must be well-formed Unicode without NUL")
      .optional(),
    roomId: id.optional(),
    authorId: id.optional(),
    from: when.optional(),
    to: when.optional(),
    has: z.enum(["link", "attachment"]).optional(),
  })
  .refine(
    ({ q = "", roomId, authorId, from, to, has }) => q.trim() !== "" || [roomId, authorId, from, to, has].some((one) => one !== undefined),
    {
      message: "must not be empty unless a filter is given",
      path: ["q"],
    },
  );
export type SearchInput = z.infer<typeof searchInput>;
