import type { Deps } from "../../middleware/deps.ts";
import { sendMessage } from "../../services/messages/send.ts";
import type { ChatSocket } from "../../services/realtime/io.ts";
import { on } from "./on.ts";

export function messageCommands(socket: ChatSocket, deps: Deps): void {
  on(socket, deps, "send_message", sendMessage);
}
