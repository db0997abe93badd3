import { markRead, markReceived } from "../../services/rooms/mark-read.ts";
import type { CommandHandlers } from "./command-handler.ts";

export const readingCommands = { mark_read: markRead, mark_received: markReceived } satisfies Partial<CommandHandlers>;
