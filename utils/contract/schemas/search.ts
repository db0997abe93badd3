import { z } from "zod";
import { limits } from "../limits.ts";
import { liveMessage } from "./messages.ts";
import { id, pageQuery } from "./primitives.ts";

/** Part of an excerpt that was searched for, in UTF-16 units: `excerpt.slice(start, end)`. */
export const highlight = z.object({ start: z.number().int(), end: z.number().int() });
export type HighlightDto = z.infer<typeof highlight>;

/** A message that was found, with the part of its text to show. `excerpt` is plain text, never HTML; a cut is marked with an ellipsis. */
export const foundMessage = liveMessage.extend({ excerpt: z.string(), highlights: z.array(highlight) });
export type FoundMessageDto = z.infer<typeof foundMessage>;

/** A moment (ISO 8601 with its offset) or a whole day in UTC (`2026-11-21`). */
const when = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/**
 * Every word of `q` must be in the message, in whatever order; signs between words mean nothing. Without `q` a filter is needed.
 * `from` and `to` are part of what they name: a day is wanted whole.
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
      message: "give something to search for, or a filter",
      path: ["q"],
    },
  );
export type SearchInput = z.infer<typeof searchInput>;
