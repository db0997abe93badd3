import type { Deps } from "../../middleware/deps.ts";
import type { ChatSocket } from "../../services/realtime/io.ts";
import { markRead, markReceived } from "../../services/rooms/mark-read.ts";
import { on } from "./on.ts";

export function readingCommands(socket: ChatSocket, deps: Deps): void {
  on(socket, deps, "mark_read", markRead);
  on(socket, deps, "mark_received", markReceived);
}
