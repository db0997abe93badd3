import { ServerOff } from "lucide";
import type { ComponentChildren } from "preact";
import { ti } from "../../locales/inbox/index.ts";
import { explain, t } from "../../locales/index.ts";
import { Notice } from "../../shared/ui/notice.tsx";
import { Skeleton } from "../../shared/ui/skeleton.tsx";
import type { Records } from "./use-records.ts";

type RecordListProps = {
  records: Records<unknown>;
  /** The title of the error if the list cannot be loaded. */
  failed: string;
  /** Replaces an empty list. */
  none: ComponentChildren;
  children: ComponentChildren;
};

/** Renders a list of records, or its loading, empty or failed state. */
export function RecordList({ records, failed, none, children }: RecordListProps) {
  const { items, hasLoaded, hasMore, isBusy, refusal, more } = records;
  if (!hasLoaded && refusal)
    return (
      <Notice icon={ServerOff} title={failed} text={explain(refusal.code)}>
        <button type="button" class="button button-main" aria-disabled={isBusy} onClick={more}>
          {t("retry")}
        </button>
      </Notice>
    );
  if (!hasLoaded) return <Skeleton lines={5} />;
  if (items.length === 0) return <>{none}</>;
  return (
    <>
      <ul class="record-list">{children}</ul>
      {refusal && (
        <p class="form-trouble" role="alert">
          {explain(refusal.code)}
        </p>
      )}
      {hasMore && (
        <button type="button" class="button button-quiet" aria-disabled={isBusy} onClick={more}>
          {ti("more")}
        </button>
      )}
    </>
  );
}
