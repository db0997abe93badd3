import { isLive } from "../../../../utils/client/rooms/room-log.ts";
import { ask, toApiError } from "../../api.ts";
import { explain } from "../../locales/index.ts";
import { tt } from "../../locales/room/index.ts";
import { showToast } from "../../shared/state/toast.ts";
import type { LogView } from "../message-list/list-view.ts";
import type { OpenRoom } from "../room/open-room.ts";

type Where = { room: OpenRoom; view: LogView };

const loadedAt = ({ past, log }: OpenRoom, seq: number) => (past.shown.value?.items ?? log.value.items).find((one) => one.seq === seq);

/** Jumps to a message of this room, loading the history around it if needed. */
export async function jumpTo({ room, view }: Where, { id, seq }: { id: string; seq: number }): Promise<void> {
  try {
    if (!loadedAt(room, seq)) await room.past.openAt(seq);
    const found = loadedAt(room, seq);
    if (found?.id === id && isLive(found)) view.show(found);
    else showToast(tt("messageDeleted"));
  } catch (error) {
    showToast(explain(toApiError(error).code), { isBad: true });
  }
}

/** Jumps to a message by its ID only, for an address that points to it. */
export async function jumpToId(where: Where, id: string): Promise<void> {
  try {
    const message = await ask("getMessage", `/api/chatroom/messages/${id}`, { bearer: true });
    if (message.roomId !== where.room.roomId) showToast(tt("messageDeleted"));
    else await jumpTo(where, message);
  } catch (error) {
    const { code } = toApiError(error);
    showToast(code === "not_found" || code === "invalid_input" ? tt("messageDeleted") : explain(code), { isBad: true });
  }
}
