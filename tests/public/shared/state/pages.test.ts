import { describe, expect, it } from "vitest";
import { everyPage } from "../../../../public/src/shared/state/pages.ts";

/** A list of six in pages of two, and what it was asked. */
function sixInPages() {
  const asked: string[] = [];
  const fetchPage = async (query: string) => {
    asked.push(query);
    const from = Number(new URLSearchParams(query).get("cursor")?.slice(1) ?? 0);
    return { items: [from, from + 1], nextCursor: from < 4 ? `+${from + 2}` : null };
  };
  return { asked, fetchPage };
}

describe("a list that comes in pages", () => {
  it("is fetched to its end, in order, each page by the cursor of the one before", async () => {
    const { asked, fetchPage } = sixInPages();
    expect(await everyPage(fetchPage)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(asked).toEqual(["limit=100", "limit=100&cursor=%2B2", "limit=100&cursor=%2B4"]);
  });

  it("is fetched no further than its bound", async () => {
    const { asked, fetchPage } = sixInPages();
    expect(await everyPage(fetchPage, 2)).toEqual([0, 1, 2, 3]);
    expect(asked).toHaveLength(2);
  });

  it("is none when one page does not come", async () => {
    await expect(everyPage(() => Promise.reject(new Error("no line")))).rejects.toThrow("no line");
  });
});
