import { signal } from "@preact/signals";
import { toApiError } from "../../api.ts";
import { beforeSignOut } from "../../features/session/session.ts";
import { explain } from "../../locales/index.ts";
import { onOwnerChange } from "../../storage.ts";

/** How long an action can be undone, in ms. */
export const UNDO_MS = 10_000;

export type Undoable = {
  /** What was done, in one sentence. */
  readonly text: string;
  /** Undoes it. @throws ApiError */
  readonly undo: () => Promise<unknown>;
  /** Called when the offer expires without having been used. */
  readonly finish?: () => void;
};

/** The action that can be undone now; `failure` says why undoing failed. There is one offer at a time. */
export const undoable = signal<(Undoable & { readonly failure?: string }) | null>(null);

let timer: ReturnType<typeof setTimeout> | undefined;

/** Ends the offer: the action is final. */
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

/** Undoes the offered action. On failure, the offer stays for another `UNDO_MS`, with the reason. */
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

/** A different user must not use the offer. */
onOwnerChange(() => {
  clearTimeout(timer);
  undoable.value = null;
});
