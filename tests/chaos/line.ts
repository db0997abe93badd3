import { openWire } from "../bench/load/wire.ts";

/** The ack of a command, as in the contract. */
export type Ack = { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly error: { readonly code: string } };

/** An accepted connection. */
export type Line = {
  /**
   * Sends a command, and passes the answer on in the same turn of the event loop in which it arrived, so that no later event comes before
   * it.
   * @returns the answer, or null after a timeout or a disconnect
   */
  ask(name: string, input: object, options?: { patienceMs?: number; onAnswer?: (answer: Ack) => void }): Promise<Ack | null>;
  isGone(): boolean;
  close(): void;
};

type Options = { readonly port: number; readonly token: string; readonly onFact: (packet: string) => void };

/** The contract guarantees every ack within 5 s. */
const ACK_MS = 5_500;
const ENTRY_MS = 4_000;

/** Opens a connection with a token; returns null if that fails. */
export function openLine({ port, token, onFact }: Options): Promise<Line | null> {
  const asked = new Map<number, (answer: Ack | null) => void>();
  let count = 0;
  let gone = false;

  return new Promise((resolve) => {
    const lose = (): void => {
      gone = true;
      wire.close();
      clearTimeout(timer);
      for (const settle of [...asked.values()]) settle(null);
      resolve(null);
    };

    const ask: Line["ask"] = (name, input, { patienceMs = ACK_MS, onAnswer } = {}) =>
      new Promise((answered) => {
        if (gone) return void answered(null);
        const number = ++count;
        const patience = setTimeout(() => settle(null), patienceMs);
        const settle = (answer: Ack | null): void => {
          clearTimeout(patience);
          asked.delete(number);
          if (answer !== null) onAnswer?.(answer);
          answered(answer);
        };
        asked.set(number, settle);
        wire.send(`42${number}${JSON.stringify([name, input])}`);
      });

    const takeAnswer = (packet: string): void => {
      const [, number = "", answer = ""] = /^43(\d+)(\[.*)$/s.exec(packet) ?? [];
      asked.get(Number(number))?.((JSON.parse(answer) as [Ack])[0]);
    };

    const receive = (packet: string): void => {
      if (gone) return;
      if (packet.startsWith("42")) onFact(packet);
      else if (packet.startsWith("43")) takeAnswer(packet);
      else if (packet.startsWith("0")) wire.send(`40${JSON.stringify({ token })}`);
      else if (packet.startsWith("40")) {
        clearTimeout(timer);
        resolve({ ask, isGone: () => gone, close: lose });
      } else lose();
    };

    const wire = openWire({ port, host: "127.0.0.1" }, { onPacket: (packet) => receive(packet.toString("utf8")), onClose: lose });
    const timer = setTimeout(lose, ENTRY_MS);
  });
}
