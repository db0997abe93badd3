import { t } from "../../locales/index.ts";

/** Renders gray placeholder lines; they appear only after 200 ms (see styles), so that fast responses do not flash. */
export function Skeleton({ lines }: { lines: number }) {
  return (
    <div class="skeletons" role="status" aria-label={t("loading")}>
      {Array.from({ length: lines }, (_, at) => (
        <div class="skeleton-line" key={at}>
          <span class="skeleton-dot" />
          <span class={`skeleton-bar skeleton-bar-${at % 3}`} />
        </div>
      ))}
    </div>
  );
}
