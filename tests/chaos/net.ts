import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Random } from "./random.ts";

/** What a broken line still carries: nothing, or the questions and not the answers. */
type Flow = "all" | "questions" | "nothing";

type Line = { flow: Flow; readonly inner: Socket; readonly outer: Socket };

/** The net between the clients and the server, to be broken. */
export type Net = {
  readonly port: number;
  /** Cuts a share of the lines; both ends hear of it. */
  cut(share: number): void;
  /** Leaves a share of the lines half-open: what is said on them is swallowed, and nobody hears of it. */
  swallow(share: number): void;
  /** The whole net goes: nothing passes, on old lines and new ones. */
  shut(): void;
  /** The net is back, for new lines; old ones stay broken. */
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
    // A net that swallows does not tell the client either that the server has gone.
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
