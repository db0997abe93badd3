import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A proxy between a server and its database, which tests close and open. */
export type Gate = {
  /** The database's address through the proxy. */
  readonly url: string;
  /** Closes every connection and rejects new ones. */
  shut(): void;
  /** Keeps connections, but forwards nothing more: a database that hangs. */
  hang(): void;
  /** Resolves with the next new connection. */
  entered(): Promise<void>;
  /** Forwards everything again. Connections that hung are closed. */
  open(): void;
  close(): Promise<void>;
};

type State = "open" | "shut" | "hanging";

/** Returns where the database listens: a socket file in the `host` parameter of the address, else host and port. */
function targetOf(url: URL): { path: string } | { host: string; port: number } {
  const folder = url.searchParams.get("host");
  const port = url.searchParams.get("port") ?? (url.port || "5432");
  return folder?.startsWith("/") ? { path: `${folder}/.s.PGSQL.${port}` } : { host: folder ?? url.hostname, port: Number(port) };
}

export async function createGate(databaseUrl: string): Promise<Gate> {
  const address = new URL(databaseUrl);
  const target = targetOf(address);
  const lines = new Set<Socket>();
  let state: State = "open";

  const cutAll = (): void => {
    for (const line of lines) line.destroy();
    lines.clear();
  };
  const server = createServer((inner) => {
    if (state === "shut") return void inner.destroy();
    const outer = connect(target);
    for (const [line, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      lines.add(line);
      line.on("data", (chunk) => state === "hanging" || other.write(chunk));
      line.on("error", () => other.destroy());
      line.on("close", () => {
        lines.delete(line);
        other.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  address.searchParams.delete("host");
  address.searchParams.delete("port");
  address.hostname = "127.0.0.1";
  address.port = String((server.address() as AddressInfo).port);
  return {
    url: address.href,
    shut() {
      state = "shut";
      cutAll();
    },
    hang() {
      state = "hanging";
    },
    async entered() {
      await once(server, "connection");
    },
    open() {
      if (state === "hanging") cutAll();
      state = "open";
    },
    async close() {
      cutAll();
      server.close();
      await once(server, "close");
    },
  };
}
