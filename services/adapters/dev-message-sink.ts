/** A message that would be sent to a phone or mailbox in production. */
export type OutboxItem = {
  readonly channel: "sms" | "mail";
  readonly to: string;
  readonly text: string;
  readonly code?: string;
  readonly createdAt: string;
};

/** Stores messages in memory in development instead of sending them, newest first. */
export type Outbox = {
  put(item: Omit<OutboxItem, "createdAt">): void;
  /** Returns the messages to one recipient, or all messages. */
  list(to?: string): OutboxItem[];
};

const MOST = 500;

export function createOutbox(now: () => Date): Outbox {
  let items: OutboxItem[] = [];
  return {
    put(item) {
      items = [{ ...item, createdAt: now().toISOString() }, ...items].slice(0, MOST);
    },
    list: (to) => items.filter((item) => to === undefined || item.to === to),
  };
}
