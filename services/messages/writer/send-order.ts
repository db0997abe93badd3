/** The position of one message among those that its sender sends to a room. */
export type SendPosition = {
  /** Resolves when every earlier message is queued for writing or has failed; null when there is none to wait for. */
  readonly previous: Promise<void> | null;
  /** Releases the next message; to be called once this one is queued or has failed. Further calls have no effect. */
  release(): void;
};

/** The order in which one socket's messages to each room are queued. */
export type SendOrder = {
  /** Takes the next position for a room. The caller must always call `release`. */
  takePosition(roomId: string): SendPosition;
};

/**
 * Keeps the messages of one socket to one room in the order in which they arrived, although some need look-ups (mentions, replies, review)
 * before they can be queued and others need none. Only queueing is ordered: no message waits for another one's commit, and rooms do not
 * wait for each other.
 */
export function createSendOrder(): SendOrder {
  const last = new Map<string, Promise<void>>();
  return {
    takePosition(roomId) {
      const previous = last.get(roomId) ?? null;
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      const done = previous === null ? released : previous.then(() => released);
      last.set(roomId, done);
      void done.then(() => {
        if (last.get(roomId) === done) last.delete(roomId);
      });
      return { previous, release };
    },
  };
}
