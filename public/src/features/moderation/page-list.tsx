import { ServerOff } from "lucide";
import type { ComponentChildren } from "preact";
import { explain } from "../../locales/index.ts";
import { tc } from "../../locales/moderation/console/index.ts";
import { Notice } from "../../shared/ui/notice.tsx";
import { Skeleton } from "../../shared/ui/skeleton.tsx";
import type { Pages } from "./use-pages.ts";

type PageListProps<Item> = { pages: Pages<Item>; empty: ComponentChildren; children: (items: readonly Item[]) => ComponentChildren };

/** Renders a list that loads page by page: while it loads, when it fails, when it is empty, and with a button for more. */
export function PageList<Item>({ pages, empty, children }: PageListProps<Item>) {
  const { items, refusal, isBusy, more, reload } = pages;
  if (refusal && (items === null || items.length === 0))
    return (
      <Notice icon={ServerOff} title={explain(refusal.code)}>
        <button type="button" class="button button-main" aria-disabled={isBusy} onClick={reload}>
          {tc("modReload")}
        </button>
      </Notice>
    );
  if (items === null) return <Skeleton lines={5} />;
  if (items.length === 0) return <>{empty}</>;
  return (
    <>
      {children(items)}
      {more && (
        <button type="button" class="button button-quiet mod-more" aria-disabled={isBusy} onClick={more}>
          {tc("modMore")}
        </button>
      )}
    </>
  );
}
