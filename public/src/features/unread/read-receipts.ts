import { backoffMs } from "../../../../utils/client/connection/backoff.ts";
import { toApiError } from "../../api.ts";
import { onConnected, send } from "../../shared/connection/connection.ts";
import { onOwnerChange, owner } from "../../storage.ts";
import { changeReading, readingOf } from "./unread.ts";

const GATHER_MS = 300;

type Mark = "mark_read" | "mark_received";

/** Read and received marks not sent yet, with the highest sequence number of each room. */
const due: Record<Mark, Map<string, number>> = { mark_read: new Map(), mark_received: new Map() };
let timer: ReturnType<typeof setTimeout> | undefined;

async function sendMark(mark: Mark, roomId: string, seq: number): Promise<void> {
  const userId = owner.peek();
  try {
    await send(mark, { roomId, seq });
  } catch (error) {
    const { code, retryAfterMs } = toApiError(error);
    // Marks lost with the connection are sent on the next one, rate-limited ones later; other rejected ones are dropped.
    if (userId !== owner.peek()) return;
    if (code === "network") later(mark, roomId, { seq });
    else if (retryAfterMs !== undefined) later(mark, roomId, { seq, afterMs: backoffMs(0, { atLeastMs: retryAfterMs }) });
  }
}

function flush(): void {
  timer = undefined;
  for (const mark of ["mark_received", "mark_read"] as const) {
    const marks = [...due[mark]];
    due[mark].clear();
    for (const [roomId, seq] of marks) void sendMark(mark, roomId, seq);
  }
}

function later(mark: Mark, roomId: string, { seq, afterMs }: { seq: number; afterMs?: number | undefined }): void {
  due[mark].set(roomId, Math.max(seq, due[mark].get(roomId) ?? 0));
  if (afterMs !== undefined && timer === undefined) timer = setTimeout(flush, afterMs);
}

/** Marks a room as read up to a sequence number, on all of the user's devices. */
export function markRead(roomId: string, seq: number): void {
  const known = readingOf(roomId);
  if (known && known.lastReadSeq >= seq) return;
  changeReading(roomId, { lastReadSeq: seq, unreadCount: 0, mentionCount: 0 });
  later("mark_read", roomId, { seq, afterMs: GATHER_MS });
}

/** Marks a conversation's messages as received by this device. */
export const markReceived = (roomId: string, seq: number): void => later("mark_received", roomId, { seq, afterMs: GATHER_MS });

/** Discards marks of the previous user. */
onOwnerChange(() => {
  clearTimeout(timer);
  timer = undefined;
  for (const marks of Object.values(due)) marks.clear();
});

onConnected(flush);
// Send what was read immediately before leaving the page.
window.addEventListener("pagehide", flush);
