import type { Socket } from "socket.io-client";
import type { Ack, ClientToServer, CommandInput, CommandName, CommandOutput, ServerToClient } from "../../contract/events.ts";
import { ApiError, problemOf } from "../api-error.ts";

export type ChatSocket = Socket<ServerToClient, ClientToServer>;

/** Sends a command over the current connection and returns the data of its ack. Rejects with an `ApiError`. */
export type Send = <Name extends CommandName>(name: Name, input: CommandInput<Name>, timeoutMs?: number) => Promise<CommandOutput<Name>>;

/** Options of socket.io-client. It does not reconnect by itself: `connection.ts` does. */
export const socketOptions = {
  transports: ["websocket", "polling"],
  tryAllTransports: true,
  reconnection: false,
  forceNew: true,
  timeout: 8_000,
};

/** Returns why connecting failed: the problem in `err.data`, or `network` without one. */
export function connectError(error: unknown): ApiError {
  const problem = problemOf(error instanceof Error && "data" in error ? error.data : undefined);
  return new ApiError(problem.code ?? "network", problem);
}

/**
 * Sends a command and returns the data of its ack.
 * @throws ApiError with the problem, or `network` if no ack arrived in time; the outcome is unknown then
 */
export async function command<Name extends CommandName>(
  socket: ChatSocket,
  name: Name,
  call: { input: CommandInput<Name>; timeoutMs: number },
): Promise<CommandOutput<Name>> {
  if (!socket.connected) throw new ApiError("network");
  const emitter = socket.timeout(call.timeoutMs) as unknown as {
    emitWithAck(event: string, input: unknown): Promise<Ack<CommandOutput<Name>>>;
  };
  const ack = await emitter.emitWithAck(name, call.input).catch(() => null);
  if (!ack) throw new ApiError("network");
  if (ack.ok) return ack.data;
  throw new ApiError(ack.error.code, ack.error);
}
