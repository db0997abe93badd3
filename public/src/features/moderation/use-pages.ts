import { useEffect, useRef, useState } from "preact/hooks";
import { type ApiError, toApiError } from "../../api.ts";
import type { Query } from "./api.ts";

type Page<Item> = { items: Item[]; nextCursor: string | null };

export type Pages<Item> = {
  /** Null until the first page has loaded. */
  readonly items: readonly Item[] | null;
  readonly refusal: ApiError | null;
  readonly isBusy: boolean;
  /** Loads the next page; null on the last one. */
  readonly more: (() => void) | null;
  readonly reload: () => void;
  /** Replaces the loaded items after a change here. */
  readonly change: (update: (items: readonly Item[]) => readonly Item[]) => void;
};

const PAGE = "30";

/** Loads a list page by page, and again when `query` changes. */
export function usePages<Item>(load: (query: Query) => Promise<Page<Item>>, query: Query = {}): Pages<Item> {
  const [items, setItems] = useState<readonly Item[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const asked = useRef(0);
  const key = JSON.stringify(query);

  const run = async (from: string | null): Promise<void> => {
    asked.current += 1;
    const mine = asked.current;
    setBusy(true);
    setRefusal(null);
    try {
      const page = await load({ ...query, limit: PAGE, cursor: from });
      if (mine !== asked.current) return;
      setItems((known) => (from === null ? page.items : [...(known ?? []), ...page.items]));
      setCursor(page.nextCursor);
    } catch (error) {
      if (mine === asked.current) setRefusal(toApiError(error));
    }
    if (mine === asked.current) setBusy(false);
  };

  useEffect(() => {
    setItems(null);
    void run(null);
    return () => {
      asked.current += 1;
    };
  }, [key]);

  return {
    items,
    refusal,
    isBusy,
    more: cursor === null ? null : () => void run(cursor),
    reload: () => void run(null),
    change: (update) => setItems((known) => update(known ?? [])),
  };
}
