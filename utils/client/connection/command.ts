import type { Socket } from "socket.io-client";
import type { Ack, ClientToServer, CommandInput, CommandName, CommandOutput, ServerToClient } from "../../contract/events.ts";
import { ApiError, problemOf } from "../api-error.ts";

export type ChatSocket = Socket<ServerToClient, ClientToServer>;

/** Emits a command over whichever line there is, and answers its ack's data; throws a Refusal. */
export type Send = <Name extends CommandName>(name: Name, input: CommandInput<Name>, timeoutMs?: number) => Promise<CommandOutput<Name>>;

/** What the library is told. It never reconnects by itself: `connection.ts` does. */
export const socketOptions = {
  transports: ["websocket", "polling"],
  tryAllTransports: true,
  reconnection: false,
  forceNew: true,
  timeout: 8_000,
};

/** Why a connection was refused: the problem in `err.data`, or nothing but a broken line. */
export function connectError(error: unknown): ApiError {
  const problem = problemOf(error instanceof Error && "data" in error ? error.data : undefined);
  return new ApiError(problem.code ?? "network", problem);
}

/**
 * One command and its ack.
 * @throws Refusal with the problem, or `network` when no ack came in time: then nothing is known
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
  const answer = await emitter.emitWithAck(name, call.input).catch(() => null);
  if (!answer) throw new ApiError("network");
  if (answer.ok) return answer.data;
  throw new ApiError(answer.error.code, answer.error);
}
