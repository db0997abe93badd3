import { useEffect, useRef, useState } from "preact/hooks";
import { type ApiError, toApiError } from "../../api.ts";
import { onServerEvent } from "../../shared/connection/server-events.ts";

type Page<Item> = { items: Item[]; nextCursor: string | null };

export type Records<Item> = {
  readonly items: readonly Item[];
  readonly hasLoaded: boolean;
  readonly isBusy: boolean;
  readonly refusal: ApiError | null;
  /** Whether there are older items. */
  readonly hasMore: boolean;
  /** Loads the next page, or the first one again after a failure. */
  more(): void;
  /** Loads the first page again; later pages are dropped. */
  reload(): void;
};

/**
 * Loads a list of the user's own records page by page, and again whenever one of them may have changed.
 * @param load fetches one page with this query, which starts without a `?` or `&`
 */
export function useRecords<Item>(load: (query: string) => Promise<Page<Item>>): Records<Item> {
  const [items, setItems] = useState<readonly Item[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [hasLoaded, setLoaded] = useState(false);
  const [isBusy, setBusy] = useState(true);
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  /** The latest call: the answers to earlier ones are outdated. */
  const latest = useRef(0);

  const fetchPage = async (after: string | null) => {
    latest.current += 1;
    const call = latest.current;
    setBusy(true);
    const query = after === null ? "limit=30" : `limit=30&cursor=${encodeURIComponent(after)}`;
    const page = await load(query).catch(toApiError);
    if (call !== latest.current) return;
    setBusy(false);
    if (page instanceof Error) return setRefusal(page);
    setRefusal(null);
    setLoaded(true);
    setItems((before) => (after === null ? page.items : [...before, ...page.items]));
    setCursor(page.nextCursor);
  };
  const reload = () => void fetchPage(null);

  useEffect(() => {
    reload();
    const stops = [
      onServerEvent("notification_created", ({ subject }) => subject.kind !== "message" && reload()),
      onServerEvent("moderation_applied", reload),
      onServerEvent("moderation_reverted", reload),
    ];
    return () => {
      latest.current += 1;
      for (const stop of stops) stop();
    };
  }, []);

  return { items, hasLoaded, isBusy, refusal, hasMore: cursor !== null, more: () => void fetchPage(cursor), reload };
}
