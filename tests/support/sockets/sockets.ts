import { io, type Socket } from "socket.io-client";
import type { Problem } from "../../../utils/contract/errors.ts";
import type {
  Ack,
  CommandInput,
  CommandName,
  CommandOutput,
  ServerEventName,
  ServerEventPayload,
  ServerToClient,
} from "../../../utils/contract/events.ts";
import { watchAck, watchEvent, watchRejection } from "../conformance/conformance.ts";

type Anything = { [event: string]: (...args: unknown[]) => void };

export type LiveOptions = {
  readonly transports?: ("websocket" | "polling")[];
  readonly headers?: Record<string, string>;
  readonly reconnects?: boolean;
};

/** A received event, in the order of arrival. */
export type ReceivedEvent = {
  [Name in ServerEventName]: { readonly name: Name; readonly payload: ServerEventPayload<Name> };
}[ServerEventName];

/** A socket that records every event it receives. */
export type Live = {
  readonly socket: Socket<ServerToClient, Anything>;
  readonly received: readonly ReceivedEvent[];
  /** Sends a command and returns the complete ack. */
  ask<Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<Ack<CommandOutput<Name>>>;
  /** Sends a command and returns its data; throws the problem of a rejected one. */
  command<Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<CommandOutput<Name>>;
  /** Emits untyped arguments and returns the ack. */
  emitRaw(...args: unknown[]): Promise<Ack<unknown>>;
  /** Returns the first event of a name that passes, received already or in the future. */
  nextEvent<Name extends ServerEventName>(
    name: Name,
    passes?: (payload: ServerEventPayload<Name>) => boolean,
  ): Promise<ServerEventPayload<Name>>;
  ended(): Promise<string>;
  close(): void;
};

const TIMEOUT_MS = 30_000;

/** A rejected handshake. */
export class RejectedError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code);
    this.name = "RefusedError";
    this.problem = problem;
  }
}

type Asked = { readonly name: ServerEventName; readonly passes: (payload: never) => boolean; readonly resolve: (payload: never) => void };

function listen(socket: Live["socket"]): Pick<Live, "received" | "nextEvent"> {
  const received: ReceivedEvent[] = [];
  let asked: Asked[] = [];
  socket.onAny((name: ServerEventName, data: unknown) => {
    const payload = data as never;
    watchEvent(name, data);
    received.push({ name, payload } as ReceivedEvent);
    asked = asked.filter((one) => {
      if (one.name !== name || !one.passes(payload)) return true;
      one.resolve(payload);
      return false;
    });
  });
  const nextEvent: Live["nextEvent"] = (name, passes = () => true) => {
    const known = received.find((one) => one.name === name && passes(one.payload as never));
    if (known !== undefined) return Promise.resolve(known.payload as never);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`never heard ${name}`)), TIMEOUT_MS);
      const settle = (payload: never): void => {
        clearTimeout(timer);
        resolve(payload);
      };
      asked.push({ name, passes: passes as Asked["passes"], resolve: settle });
    });
  };
  return { received, nextEvent };
}

function liveOf(socket: Live["socket"]): Live {
  const { received, nextEvent } = listen(socket);
  let ending: string | null = null;
  let hasEnded: (reason: string) => void = () => undefined;
  const over = new Promise<string>((resolve) => {
    hasEnded = resolve;
  });
  socket.on("disconnect", (reason) => {
    ending = reason;
    hasEnded(reason);
  });
  const emitRaw: Live["emitRaw"] = async (name, ...args) => {
    const answer = (await socket.timeout(TIMEOUT_MS).emitWithAck(name as string, ...args)) as Ack<unknown>;
    watchAck(String(name), args[0], answer);
    return answer;
  };
  const ask: Live["ask"] = (name, input) => emitRaw(name, input) as never;
  return {
    socket,
    received,
    nextEvent,
    emitRaw,
    ask,
    async command(name, input) {
      const answer = await ask(name, input);
      if (!answer.ok) throw new RejectedError(answer.error);
      return answer.data;
    },
    ended: () => (ending === null ? over : Promise.resolve(ending)),
    close: () => void socket.disconnect(),
  };
}

/**
 * Opens a socket.
 * @throws RejectedError with the problem of `connect_error`
 */
export function connect(
  url: string,
  token: unknown,
  { transports = ["websocket"], headers, reconnects = false }: LiveOptions = {},
): Promise<Live> {
  const socket: Live["socket"] = io(url, {
    auth: token === undefined ? {} : { token },
    transports,
    forceNew: true,
    reconnection: reconnects,
    ...(headers && { extraHeaders: headers }),
  });
  const live = liveOf(socket);
  return new Promise((resolve, reject) => {
    socket.once("connect", () => resolve(live));
    socket.once("connect_error", (error) => {
      socket.disconnect();
      const { data } = error as Error & { data?: Problem };
      if (data !== undefined) watchRejection(data);
      reject(data === undefined ? error : new RejectedError(data));
    });
  });
}
