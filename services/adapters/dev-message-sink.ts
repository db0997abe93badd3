/** A message that in production would have gone to somebody's phone or mailbox. */
export type OutboxItem = {
  readonly channel: "sms" | "mail";
  readonly to: string;
  readonly text: string;
  readonly code?: string;
  readonly createdAt: string;
};

/** Where messages go in development instead of to people: kept in memory, the newest first. */
export type Outbox = {
  put(item: Omit<OutboxItem, "createdAt">): void;
  /** Those to somebody, or all. */
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
