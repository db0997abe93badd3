import { isRetryable } from "../../../../utils/client/api-error.ts";
import { backoffMs } from "../../../../utils/client/connection/backoff.ts";
import { ask, credentials, toApiError } from "../../api.ts";
import { explain } from "../../locales/index.ts";
import { onConnected } from "../../shared/connection/connection.ts";
import { showToast } from "../../shared/state/toast.ts";
import { offerUndo, UNDO_MS, undoable } from "../../shared/state/undo.ts";
import { onOwnerChange, owner, recallOwn, rememberOwn } from "../../storage.ts";
import { leaveConversation } from "./conversations.ts";
import { leaving } from "./inbox.ts";
import { dropConversation } from "./inbox-load.ts";

/*
 * Leaving a group and declining a request wait on this device until they can no longer be undone, instead of being undone by the server:
 * the other members would see the user leave and come back, a group could change its owner, and a message written in between would never
 * be read. A block is different: it protects, so it takes effect at once, and the server restores what it declined.
 *
 * What waits is kept in the browser until the server has confirmed it, so that it also happens when the tab is closed or crashes: it is
 * sent when the page is left, and otherwise when the site is opened next.
 */

/** When each conversation is due, by ID, in ms since 1970. */
type Due = Readonly<Record<string, number>>;

const isDue = (value: unknown): value is Due =>
  typeof value === "object" && value !== null && Object.values(value).every((at) => typeof at === "number");

const stored = (): Due => recallOwn("leaving", "", isDue) ?? {};

const timers = new Map<string, ReturnType<typeof setTimeout>>();

/** The conversation whose departure can be undone in this tab. */
let offered: string | null = null;

function note(roomId: string, dueAt: number): void {
  rememberOwn("leaving", "", { ...stored(), [roomId]: dueAt });
  leaving.value = new Set([...leaving.peek(), roomId]);
}

function forget(roomId: string): void {
  const { [roomId]: _, ...rest } = stored();
  rememberOwn("leaving", "", Object.keys(rest).length > 0 ? rest : null);
  leaving.value = new Set([...leaving.peek()].filter((id) => id !== roomId));
  clearTimeout(timers.get(roomId));
  timers.delete(roomId);
  if (offered === roomId) offered = null;
}

function later(roomId: string, waitMs: number): void {
  clearTimeout(timers.get(roomId));
  const run = (): void => {
    timers.delete(roomId);
    void leaveNow(roomId);
  };
  timers.set(roomId, setTimeout(run, waitMs));
}

/** Leaves a conversation now, unless that was undone, even in another tab. If the server is unreachable, it waits for the connection. */
async function leaveNow(roomId: string): Promise<void> {
  const userId = owner.peek();
  if (stored()[roomId] === undefined) return forget(roomId);
  try {
    await leaveConversation(roomId);
  } catch (error) {
    const refusal = toApiError(error);
    if (userId !== owner.peek() || refusal.code === "network") return;
    if (isRetryable(refusal)) return later(roomId, backoffMs(0, { atLeastMs: refusal.retryAfterMs ?? 0 }));
    // The user is no longer a member, so the conversation is already left.
    if (refusal.code === "not_found") dropConversation(roomId);
    else showToast(explain(refusal.code), { isBad: true });
  }
  if (userId === owner.peek()) forget(roomId);
}

/** Keeps a conversation that was about to be left. */
export const stay = (roomId: string): void => forget(roomId);

/** Leaves or declines a conversation in 10 seconds, and offers to undo that until then. `undone` is called if it is undone. */
export function leaveSoon(roomId: string, text: string, undone: () => void): void {
  const undo = async (): Promise<void> => {
    stay(roomId);
    undone();
  };
  const finish = (): void => {
    offered = null;
    void leaveNow(roomId);
  };
  offerUndo({ text, undo, finish });
  note(roomId, Date.now() + UNDO_MS);
  offered = roomId;
}

/** Leaves immediately what can be undone in this tab, because the page is closing. Without a connection it stays stored. */
function leaveAtLast(): void {
  const roomId = offered;
  if (roomId === null || !navigator.onLine || credentials.token === null) return;
  void ask("leaveConversation", `/api/conversations/${roomId}`, { method: "DELETE", bearer: true, isLast: true }).catch(() => null);
  forget(roomId);
  dropConversation(roomId);
  undoable.value = null;
}

/** Resumes departures left by an earlier page load. Those that another tab still offers to undo wait until they are due. */
function resume(): void {
  for (const [roomId, dueAt] of Object.entries(stored())) {
    if (roomId === offered || timers.has(roomId)) continue;
    leaving.value = new Set([...leaving.peek(), roomId]);
    later(roomId, Math.max(0, dueAt - Date.now()));
  }
}

export function watchLeaving(): void {
  onConnected(resume);
  // A phone may discard a frozen page without further events.
  window.addEventListener("pagehide", leaveAtLast);
  document.addEventListener("freeze", leaveAtLast);
  onOwnerChange(() => {
    for (const timer of timers.values()) clearTimeout(timer);
    timers.clear();
    offered = null;
    leaving.value = new Set();
  });
}
