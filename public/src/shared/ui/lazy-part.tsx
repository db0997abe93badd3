import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { explain, t } from "../../locales/index.ts";
import { Skeleton } from "./skeleton.tsx";

/** Wraps a small component whose code is loaded when it is first shown. A dialog shows nothing until then. */
export function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>, { isDialog = false } = {}): ComponentType<Props> {
  const view = signal<ComponentType<Props> | null>(null);
  const hasFailed = signal(false);
  const fetch = async (): Promise<void> => {
    if (view.peek()) return;
    hasFailed.value = false;
    const found = await load().catch(() => null);
    if (found) view.value = found;
    else hasFailed.value = true;
  };
  return function LazyPart(props: Props) {
    useEffect(() => void fetch(), []);
    const View = view.value;
    if (View) return <View {...props} />;
    if (isDialog) return null;
    if (!hasFailed.value) return <Skeleton lines={4} />;
    return (
      <p class="part-failed" role="alert">
        {explain("network")}{" "}
        <button type="button" class="text-button" onClick={() => void fetch()}>
          {t("retry")}
        </button>
      </p>
    );
  };
}
