import { z } from "zod";
import { limits } from "../limits.ts";
import { excerptText, liveMessage } from "./messages.ts";
import { pageQuery, roomId, userId } from "./primitives.ts";

export const highlight = z.object({
  start: z
    .number()
    .int()
    .meta({ description: "The index of the first UTF-16 unit of the match in `excerpt`.", examples: [27] }),
  end: z
    .number()
    .int()
    .meta({ description: "The index after the last UTF-16 unit: `excerpt.slice(start, end)` is the match.", examples: [34] }),
});
export type HighlightDto = z.infer<typeof highlight>;

export const foundMessage = liveMessage
  .extend({
    excerpt: excerptText.describe(
      `The part of the text around the first match, at most ${limits.searchExcerptUnits} UTF-16 units. Plain text, never HTML; an ellipsis marks a cut.`,
    ),
    highlights: z.array(highlight).describe("The parts of `excerpt` that match the query."),
  })
  .describe("A search result: a message with an excerpt of its text.");
export type FoundMessageDto = z.infer<typeof foundMessage>;

/** A time (ISO 8601 with its offset) or a whole day in UTC (`2026-11-21`). */
const when = z.union([z.iso.datetime({ offset: true }), z.iso.date()]).meta({ examples: ["2026-11-21"] });

const format = "A time in ISO 8601 format with its offset, or a day in UTC, which is included as a whole.";

/** Without `q`, a filter is required. */
export const searchInput = pageQuery
  .extend({
    q: z
      .string()
      .max(limits.searchUnits)
      .refine((q) => !q.includes("\0") && q.isWellFormed(), "must be well-formed Unicode without NUL")
      .optional()
      .meta({
        description:
          "The words that a message must contain, all of them and in any order. Punctuation between words is ignored. May be omitted or empty if a filter is given.",
        examples: ["tonight"],
      }),
    roomId: roomId.optional().describe("Returns only messages of this room."),
    authorId: userId.optional().describe("Returns only messages of this user."),
    from: when.optional().describe(`Returns only messages sent at or after this time. ${format}`),
    to: when.optional().describe(`Returns only messages sent at or before this time. ${format}`),
    has: z
      .enum(["link", "attachment"])
      .optional()
      .meta({
        description: "Returns only messages that contain a link or an attachment.",
        examples: ["link"],
      }),
  })
  .refine(
    ({ q = "", roomId: room, authorId, from, to, has }) =>
      q.trim() !== "" || [room, authorId, from, to, has].some((one) => one !== undefined),
    {
      message: "must not be empty unless a filter is given",
      path: ["q"],
    },
  );
export type SearchInput = z.infer<typeof searchInput>;
