import { describe, expect, it } from "vitest";
import { everyPage } from "../../../../public/src/shared/state/pages.ts";

/** Returns a list of six entries in pages of two, and the queries it received. */
function sixInPages() {
  const asked: string[] = [];
  const fetchPage = async (query: string) => {
    asked.push(query);
    const from = Number(new URLSearchParams(query).get("cursor")?.slice(1) ?? 0);
    return { items: [from, from + 1], nextCursor: from < 4 ? `+${from + 2}` : null };
  };
  return { asked, fetchPage };
}

describe("fetching all pages of a list", () => {
  it("follows the cursor of each page to the end, in order", async () => {
    const { asked, fetchPage } = sixInPages();
    expect(await everyPage(fetchPage)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(asked).toEqual(["limit=100", "limit=100&cursor=%2B2", "limit=100&cursor=%2B4"]);
  });

  it("stops at the maximum number of pages", async () => {
    const { asked, fetchPage } = sixInPages();
    expect(await everyPage(fetchPage, 2)).toEqual([0, 1, 2, 3]);
    expect(asked).toHaveLength(2);
  });

  it("fails if one page fails", async () => {
    await expect(everyPage(() => Promise.reject(new Error("no line")))).rejects.toThrow("no line");
  });
});
