import { signal, useSignalEffect } from "@preact/signals";
import type { IconNode } from "lucide";
import { Check, CloudOff, LoaderCircle } from "lucide";
import { useRef } from "preact/hooks";
import { counted, t } from "../../locales/index.ts";
import { connectionState } from "../../shared/connection/connection.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { outbox } from "../composer/outbox.ts";
import type { OpenRoom } from "../room/open-room.ts";

const SHOWN_MS = 4_000;

const wordsOf = (caughtUp: number | null): { icon: IconNode; text: string; tone: string } | null => {
  const kept = outbox.value.filter((one) => one.state !== "failed").length;
  const tail = kept > 0 ? ` ${counted("queuedMessages", kept)}` : "";
  if (connectionState.value === "offline") return { icon: CloudOff, text: `${t("offline")}.${tail}`, tone: "warn" };
  if (connectionState.value === "reconnecting") return { icon: LoaderCircle, text: t("reconnecting") + tail, tone: "warn" };
  if (connectionState.value === "connecting") return { icon: LoaderCircle, text: t("connecting"), tone: "calm" };
  if (caughtUp !== null)
    return { icon: Check, text: caughtUp > 0 ? `${t("caughtUp")}, ${counted("newMessages", caughtUp)}` : t("caughtUp"), tone: "good" };
  return null;
};

/** Shows the connection state in a thin overlay that disappears by itself and never blocks the page. */
export function ConnectionStatus({ room }: { room: OpenRoom }) {
  const shown = useRef(signal<number | null>(null)).current;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const wasDown = useRef(false);
  useSignalEffect(() => {
    if (connectionState.value === "reconnecting" || connectionState.value === "offline") wasDown.current = true;
    const count = room.caughtUp.value;
    if (count === null || connectionState.value !== "online" || !wasDown.current) return;
    wasDown.current = false;
    shown.value = count;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      shown.value = null;
      room.caughtUp.value = null;
    }, SHOWN_MS);
  });
  const words = wordsOf(shown.value);
  return (
    <div class="line" role="status" data-line={connectionState.value}>
      {words && (
        <p class={`line-words line-${words.tone}`}>
          <Icon icon={words.icon} size={15} />
          {words.text}
        </p>
      )}
    </div>
  );
}
