import type { Socket } from "socket.io-client";
import type { Problem } from "../../utils/contract/errors.ts";
import type { Ack, ClientToServer, CommandInput, CommandName, CommandOutput, ServerToClient } from "../../utils/contract/events.ts";
import { type Failure, Refusal } from "./api.ts";

export type ChatSocket = Socket<ServerToClient, ClientToServer>;

/** Loads the library on first use, so that the lobby does without it. It never reconnects by itself: `connection.ts` does. */
export async function openSocket(token: string): Promise<ChatSocket> {
  const { io } = await import("socket.io-client");
  return io({
    auth: { token },
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnection: false,
    forceNew: true,
    timeout: 8_000,
  });
}

/** Why a connection was refused: the problem in `err.data`, or nothing but a broken line. */
export function connectFailure(error: unknown): Failure {
  const data = error instanceof Error && "data" in error ? (error.data as Partial<Problem> | undefined) : undefined;
  return data?.code ?? "network";
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
  if (!socket.connected) throw new Refusal("network");
  const emitter = socket.timeout(call.timeoutMs) as unknown as {
    emitWithAck(event: string, input: unknown): Promise<Ack<CommandOutput<Name>>>;
  };
  const answer = await emitter.emitWithAck(name, call.input).catch(() => null);
  if (!answer) throw new Refusal("network");
  if (answer.ok) return answer.data;
  throw new Refusal(answer.error.code, answer.error);
}
