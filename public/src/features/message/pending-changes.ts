import { signal } from "@preact/signals";
import { backoffMs } from "../../../../utils/client/connection/backoff.ts";
import type { LiveMessageDto, MessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { type ApiError, ask, type Failure, toApiError } from "../../api.ts";
import { explain } from "../../locales/index.ts";
import { onConnected, pulse, send } from "../../shared/connection/connection.ts";
import { showToast } from "../../shared/state/toast.ts";
import { UNDO_MS } from "../../shared/state/undo.ts";
import { onOwnerChange, owner } from "../../storage.ts";
import type { OpenRoom } from "../room/open-room.ts";
import { beforeSignOut } from "../session/session.ts";

/** A local change to a message that the server has not confirmed yet. */
export type Pending = {
  readonly edit?: { text: string; state: "sending" | "failed"; failure?: Failure };
  readonly removal?: { state: "undoable" | "sending" | "failed"; until: number; failure?: Failure };
  /** By emoji: whether the user reacts with it. */
  readonly reactions?: ReadonlyMap<string, boolean>;
};

/** By message ID. A row shows the server's state with these changes applied. */
export const pending = signal<ReadonlyMap<string, Pending>>(new Map());

/** Changes that wait for a connection, in order. */
const waiting = new Map<string, () => Promise<void>>();
const removals = new Map<string, ReturnType<typeof setTimeout>>();
const passes = new Set<Failure>(["network", "unavailable", "internal", "rate_limited", "resync", "token_expired"]);

/** Merges a change into the pending ones; undefined values are removed. */
function lay(id: string, change: { [Part in keyof Pending]: Pending[Part] | undefined }): void {
  const next = new Map(pending.peek());
  const { edit, removal, reactions } = { ...next.get(id), ...change };
  if (edit || removal || reactions) next.set(id, { ...(edit && { edit }), ...(removal && { removal }), ...(reactions && { reactions }) });
  else next.delete(id);
  pending.value = next;
}

/** `failures` is the number of failed attempts. */
type Attempt = { key: string; run: () => Promise<void>; refused: (refusal: ApiError) => void; failures?: number };

/**
 * Runs an attempt now, and again on reconnection or after a temporary error; permanent errors are passed to `refused`. Attempts of a
 * previous user are not retried.
 */
async function attempt(one: Attempt): Promise<void> {
  const { failures = 0 } = one;
  const userId = owner.peek();
  waiting.delete(one.key);
  try {
    await one.run();
  } catch (error) {
    const refusal = toApiError(error);
    if (userId !== owner.peek()) return;
    if (!passes.has(refusal.code)) return one.refused(refusal);
    waiting.set(one.key, () => attempt({ ...one, failures: failures + 1 }));
    if (refusal.code === "network") void pulse.probe();
    else setTimeout(() => void waiting.get(one.key)?.(), backoffMs(failures, { atLeastMs: refusal.retryAfterMs ?? 0 }));
  }
}

onConnected(() => {
  for (const run of [...waiting.values()]) void run();
});

/** Edits the user's own message. The new text is shown immediately, and kept with the reason if it is rejected. */
export function edit(room: OpenRoom, message: LiveMessageDto, text: string): void {
  if (text === message.text) {
    lay(message.id, { edit: undefined });
    return;
  }
  lay(message.id, { edit: { text, state: "sending" } });
  void attempt({
    key: `edit ${message.id}`,
    run: async () => {
      const changed = await send("edit_message", { messageId: message.id, text });
      if (pending.peek().get(message.id)?.edit?.text !== text) return;
      room.take(changed.message);
      lay(message.id, { edit: undefined });
    },
    refused: ({ code }) => lay(message.id, { edit: { text, state: "failed", failure: code } }),
  });
}

/** Discards a rejected edit. */
export function dropEdit(id: string): void {
  waiting.delete(`edit ${id}`);
  lay(id, { edit: undefined });
}

function removeNow(room: OpenRoom, id: string): void {
  clearTimeout(removals.get(id));
  removals.delete(id);
  leaving.delete(id);
  lay(id, { removal: { state: "sending", until: 0 } });
  void attempt({
    key: `remove ${id}`,
    run: async () => {
      const gone = await send("delete_message", { messageId: id }).catch((error: unknown) => {
        // Another user already deleted it.
        if (toApiError(error).code === "not_found") return null;
        throw error;
      });
      if (gone) room.take(gone.message);
      lay(id, { removal: undefined });
    },
    refused: ({ code }) => lay(id, { removal: { state: "failed", until: 0, failure: code } }),
  });
}

/** Deletions to send immediately if the page is left before the 10 seconds are over. */
const leaving = new Map<string, () => void>();

/** Deletes a message: hidden immediately, deleted on the server after 10 seconds in which it can be undone. */
export function remove(room: OpenRoom, id: string): void {
  clearTimeout(removals.get(id));
  lay(id, { removal: { state: "undoable", until: Date.now() + UNDO_MS } });
  leaving.set(id, () => removeNow(room, id));
  removals.set(
    id,
    setTimeout(() => removeNow(room, id), UNDO_MS),
  );
}

/** Restores a message, or discards a rejected deletion. */
export function undoRemoval(id: string): void {
  clearTimeout(removals.get(id));
  removals.delete(id);
  leaving.delete(id);
  waiting.delete(`remove ${id}`);
  lay(id, { removal: undefined });
}

/** Sends all pending deletions now, because the user leaves. */
export function finishRemovals(): void {
  for (const finish of [...leaving.values()]) finish();
}

beforeSignOut(finishRemovals);

/** Pending changes of one user must not be sent in the name of another. */
onOwnerChange(() => {
  for (const timer of removals.values()) clearTimeout(timer);
  removals.clear();
  leaving.clear();
  waiting.clear();
  pending.value = new Map();
});

window.addEventListener("pagehide", () => {
  for (const id of leaving.keys())
    void ask("deleteMessage", `/api/chatroom/messages/${id}`, { method: "DELETE", bearer: true, isLast: true }).catch(() => null);
  for (const id of [...leaving.keys()]) undoRemoval(id);
});

/** Adds or removes a reaction. Shown immediately; if it is rejected, it is reverted and the reason is shown. */
export function react(room: OpenRoom, message: LiveMessageDto, { emoji, isOn }: { emoji: string; isOn: boolean }): void {
  const { id } = message;
  const pendingReactions = (): ReadonlyMap<string, boolean> => pending.peek().get(id)?.reactions ?? new Map();
  const without = () => {
    const rest = new Map(pendingReactions());
    rest.delete(emoji);
    lay(id, { reactions: rest.size > 0 ? rest : undefined });
  };
  lay(id, { reactions: new Map([...pendingReactions(), [emoji, isOn]]) });
  void attempt({
    key: `react ${id} ${emoji}`,
    run: async () => {
      const answer = await send(isOn ? "add_reaction" : "remove_reaction", { messageId: id, emoji });
      room.take(answer.message);
      if (pendingReactions().get(emoji) === isOn) without();
    },
    refused: ({ code }) => {
      without();
      showToast(explain(code), { isBad: true });
    },
  });
}

/** Pins a message to its room, or unpins it. */
export async function pin(room: OpenRoom, message: LiveMessageDto, isOn: boolean): Promise<void> {
  const path = `/api/chatroom/messages/${message.id}/pin`;
  const change: Promise<MessageDto> = isOn
    ? ask("pinMessage", path, { method: "PUT", bearer: true })
    : ask("unpinMessage", path, { method: "DELETE", bearer: true });
  await change.then(room.take).catch((error: unknown) => showToast(explain(toApiError(error).code), { isBad: true }));
}
