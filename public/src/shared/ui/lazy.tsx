import { signal } from "@preact/signals";
import { ServerOff } from "lucide";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { explain, t } from "../../locales/index.ts";
import { Notice } from "./notice.tsx";
import { Skeleton } from "./skeleton.tsx";

const bundles = {
  account: () => import("../../locales/account/index.ts").then((file) => file.speakOfAccounts()),
  notify: () => import("../../locales/notifications/index.ts").then((file) => file.speakOfNotify()),
  moderation: () => import("../../locales/moderation/index.ts").then((file) => file.speakOfModeration()),
  console: () => import("../../locales/moderation/console/index.ts").then((file) => file.speakOfConsole()),
  inbox: () => import("../../locales/inbox/index.ts").then((file) => file.speakOfInbox()),
};

type LazyOptions = { isDialog?: boolean; words?: readonly (keyof typeof bundles)[] };

/** Wraps a component whose code and texts are loaded when it is first shown. A dialog shows nothing until then. */
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { isDialog = false, words = ["account"] }: LazyOptions = {},
): ComponentType<Props> {
  const view = signal<ComponentType<Props> | null>(null);
  const hasFailed = signal(false);
  const fetch = async (): Promise<void> => {
    if (view.peek()) return;
    hasFailed.value = false;
    const [found] = await Promise.all([load(), ...words.map((bundle) => bundles[bundle]())]).catch(() => [null]);
    if (found) view.value = found;
    else hasFailed.value = true;
  };
  return function Lazy(props: Props) {
    useEffect(() => void fetch(), []);
    const View = view.value;
    if (View) return <View {...props} />;
    if (isDialog) return null;
    if (!hasFailed.value) return <Skeleton lines={5} />;
    return (
      <Notice icon={ServerOff} title={t("pageError")} text={explain("network")}>
        <button type="button" class="button button-main" onClick={() => void fetch()}>
          {t("retry")}
        </button>
      </Notice>
    );
  };
}
