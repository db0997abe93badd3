/** Names of Socket.IO channels; built here only, always from ids that the server itself checked. */
export const roomChannel = (roomId: string): string => `room:${roomId}`;
export const userChannel = (userId: string): string => `user:${userId}`;
export const sessionChannel = (sessionId: string): string => `session:${sessionId}`;

/** Returns the room of a channel, or null for a channel of another kind. */
export const roomOfChannel = (channel: string): string | null => (channel.startsWith("room:") ? channel.slice(5) : null);

/** Returns the user of a channel, or null for a channel of another kind. */
export const userOfChannel = (channel: string): string | null => (channel.startsWith("user:") ? channel.slice(5) : null);
/** Slow consumers, which only receive messages. */
export const SLOW_CHANNEL = "slow";
