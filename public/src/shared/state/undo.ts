import { signal } from "@preact/signals";
import { toApiError } from "../../api.ts";
import { beforeSignOut } from "../../features/session/session.ts";
import { explain } from "../../locales/index.ts";
import { onOwnerChange } from "../../storage.ts";

/** How long something that was done can be undone. */
export const UNDO_MS = 10_000;

export type Undoable = {
  /** What was done, in one sentence. */
  readonly text: string;
  /** Undoes it. @throws Refusal */
  readonly undo: () => Promise<unknown>;
  /** Called once the offer is over without having been taken. */
  readonly finish?: () => void;
};

/** What can be undone now; `failure` says why it could not be. There is one offer at a time. */
export const undoable = signal<(Undoable & { readonly failure?: string }) | null>(null);

let timer: ReturnType<typeof setTimeout> | undefined;

/** Ends the offer: what was done stays done. */
export function closeUndo(): void {
  clearTimeout(timer);
  const ended = undoable.peek();
  undoable.value = null;
  ended?.finish?.();
}

function show(offer: NonNullable<typeof undoable.value>): void {
  clearTimeout(timer);
  undoable.value = offer;
  timer = setTimeout(closeUndo, UNDO_MS);
}

/** Offers to undo something for `UNDO_MS`. An earlier offer ends. */
export function offerUndo(offer: Undoable): void {
  closeUndo();
  show(offer);
}

/** Undoes what is offered. When that fails, the offer stands for as long again, with the reason. */
export async function undoNow(): Promise<void> {
  const offer = undoable.peek();
  if (!offer) return;
  clearTimeout(timer);
  try {
    await offer.undo();
    if (undoable.peek() === offer) undoable.value = null;
  } catch (error) {
    if (undoable.peek() === offer) show({ ...offer, failure: explain(toApiError(error).code) });
  }
}

beforeSignOut(closeUndo);

/** An offer to one person must not be taken by another. */
onOwnerChange(() => {
  clearTimeout(timer);
  undoable.value = null;
});
