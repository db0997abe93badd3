import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Random } from "./random.ts";

/** What a broken connection still forwards: nothing, or only the requests. */
type Flow = "all" | "questions" | "nothing";

type Line = { flow: Flow; readonly inner: Socket; readonly outer: Socket };

/** A faulty network between the clients and the server. */
export type Net = {
  readonly port: number;
  /** Closes a share of the connections on both sides. */
  cut(share: number): void;
  /** Leaves a share of the connections half-open: data is dropped without an error on either side. */
  swallow(share: number): void;
  /** Takes the network down: nothing passes, on old connections and new ones. */
  shut(): void;
  /** Restores the network for new connections; old ones stay broken. */
  open(): void;
  close(): Promise<void>;
};

export async function createNet(target: number, random: Random): Promise<Net> {
  const lines = new Set<Line>();
  let isShut = false;

  const some = (share: number): Line[] => random.shuffled([...lines]).slice(0, Math.ceil(lines.size * share));
  const end = ({ inner, outer }: Line): void => {
    inner.destroy();
    outer.destroy();
  };

  const server = createServer((inner) => {
    const outer = connect({ port: target, host: "127.0.0.1", noDelay: true });
    const line: Line = { flow: isShut ? "nothing" : "all", inner, outer };
    lines.add(line);
    inner.setNoDelay(true);
    inner.on("data", (bytes) => line.flow !== "nothing" && outer.write(bytes));
    outer.on("data", (bytes) => line.flow === "all" && inner.write(bytes));
    for (const one of [inner, outer]) one.on("error", () => undefined);
    inner.on("close", () => {
      lines.delete(line);
      outer.destroy();
    });
    // A half-open connection does not report to the client that the server has closed it.
    outer.on("close", () => line.flow === "all" && inner.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    cut: (share) => some(share).forEach(end),
    swallow(share) {
      for (const line of some(share)) line.flow = random.pick(["questions", "nothing"] as const) ?? "nothing";
    },
    shut() {
      isShut = true;
      for (const line of lines) line.flow = "nothing";
    },
    open() {
      isShut = false;
    },
    async close() {
      lines.forEach(end);
      server.close();
      await once(server, "close");
    },
  };
}
