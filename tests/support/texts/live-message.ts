import type { LiveMessageDto } from "../../../utils/contract/schemas/messages.ts";

/** Returns a message in its API format, as it is right after it was sent; its ids derive from its number. */
export const liveMessage = ({ seq = 1, ...over }: Partial<LiveMessageDto> = {}): LiveMessageDto => ({
  id: `m${seq}`,
  roomId: "r",
  seq,
  changedSeq: seq,
  clientMessageId: `c${seq}`,
  author: { id: "ann", displayName: "Ann", avatarUrl: null, kind: "guest", role: "guest" },
  text: `text ${seq}`,
  languageCode: "en",
  replyTo: null,
  attachments: [],
  reactions: [],
  mentions: [],
  pinnedAt: null,
  moderation: "approved",
  createdAt: "2026-01-01T00:00:00.000Z",
  editedAt: null,
  deletedAt: null,
  ...over,
});
