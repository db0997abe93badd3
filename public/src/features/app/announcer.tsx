import { signal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { isLive, placeAt } from "../../../../utils/client/rooms/room-log.ts";
import type { LiveMessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { counted } from "../../locales/index.ts";
import { previewOf } from "../../shared/text/preview.ts";
import { isBlocked } from "../people/blocks.ts";
import type { OpenRoom } from "../room/open-room.ts";
import { currentUser } from "../session/session.ts";

const GATHER_MS = 1_200;
const spoken = signal("");

/** Announces a text to screen readers. */
export function announce(text: string): void {
  spoken.value = text;
}

const sentence = (fresh: readonly LiveMessageDto[]): string => {
  const last = fresh.at(-1);
  if (!last) return "";
  if (fresh.length <= 2) return fresh.map((one) => `${one.author.displayName}: ${previewOf(one.text, one.mentions)}`).join(". ");
  return counted("announceMany", fresh.length, { name: last.author.displayName, text: previewOf(last.text, last.mentions) });
};

/** Announces other users' new messages to screen readers, batched when they arrive quickly. */
export function Announcer({ room }: { room: OpenRoom }) {
  const saidTo = useRef<number | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const say = () => {
    timer.current = undefined;
    const { items } = room.log.peek();
    const fresh = items
      .slice(placeAt(items, (saidTo.current ?? 0) + 1))
      .filter(isLive)
      .filter((one) => one.author.id !== currentUser.peek()?.id && !isBlocked(one.author.id));
    saidTo.current = items.at(-1)?.seq ?? saidTo.current;
    if (fresh.length > 0) spoken.value = sentence(fresh);
  };

  useSignalEffect(() => {
    const newest = room.log.value.items.at(-1)?.seq ?? 0;
    if (room.phase.value !== "in") return;
    if (saidTo.current === null) saidTo.current = newest;
    if (newest > saidTo.current && timer.current === undefined) timer.current = setTimeout(say, GATHER_MS);
  });

  return (
    <div class="sr-only" aria-live="polite">
      {spoken.value}
    </div>
  );
}
