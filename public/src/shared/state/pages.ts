type Page<Item> = { items: Item[]; nextCursor: string | null };

/**
 * Loads all items of a list, page by page, up to a maximum number of pages if given.
 * @param fetchPage fetches one page with this query, which starts without a `?` or `&`
 */
export async function everyPage<Item>(fetchPage: (query: string) => Promise<Page<Item>>, most = Number.POSITIVE_INFINITY): Promise<Item[]> {
  const found: Item[] = [];
  let query = "limit=100";
  for (let page = 0; page < most; page += 1) {
    const { items, nextCursor } = await fetchPage(query);
    found.push(...items);
    if (nextCursor === null) break;
    query = `limit=100&cursor=${encodeURIComponent(nextCursor)}`;
  }
  return found;
}
