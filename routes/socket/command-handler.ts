import type { Deps } from "../../middleware/deps.ts";
import { problemOf, reporterOf, toProblem } from "../../middleware/errors.ts";
import { RESPONSE_TIMEOUT_MS } from "../../middleware/request-deadline.ts";
import type { Actor } from "../../services/actor.ts";
import { authorize } from "../../services/authorize.ts";
import type { Ctx } from "../../services/context.ts";
import { messagesBudgetOf } from "../../services/limits/budgets.ts";
import { createSendOrder, type SendPosition } from "../../services/messages/writer/send-order.ts";
import type { ChatSocket } from "../../services/realtime/io.ts";
import { mayAct } from "../../services/sanctions/policy.ts";
import { TimeoutError } from "../../utils/async/with-timeout.ts";
import { type Ack, type CommandInput, type CommandName, type CommandOutput, commands } from "../../utils/contract/events.ts";
import type { BudgetName } from "../../utils/contract/limits.ts";
import { AppError } from "../../utils/errors.ts";
import { newId } from "../../utils/ids.ts";
import { parse } from "../../utils/parse.ts";

/** The socket and the dependencies of a command. */
export type CommandContext = { readonly socket: ChatSocket; readonly deps: Deps };

/** Executes a command: the same use case as the corresponding REST endpoint. */
export type CommandHandler<Name extends CommandName> = (
  ctx: Ctx,
  input: CommandInput<Name>,
  context: CommandContext,
) => Promise<CommandOutput<Name>> | CommandOutput<Name>;

export type CommandHandlers = { readonly [Name in CommandName]: CommandHandler<Name> };

/** A client whose commands were rejected by the rate limit this often within a second does not back off; it is disconnected. */
const MAX_REJECTIONS_PER_SECOND = 100;

const budgetOf = (name: CommandName, actor: Actor): BudgetName => {
  if (name === "send_message") return messagesBudgetOf(actor);
  if (name === "heartbeat") return "heartbeat";
  if (name === "mark_read" || name === "mark_received") return "receipts";
  return name === "typing_start" || name === "typing_stop" ? "typing" : "rest";
};

const contextOf = (
  { socket: { data }, deps: { services } }: CommandContext,
  call: Pick<Call, "requestId" | "sendPosition"> & { readonly actor: Actor },
): Ctx => ({
  ...services,
  actor: call.actor,
  requestId: call.requestId,
  sendPosition: call.sendPosition,
  origin: { address: data.address, userAgent: data.userAgent, acceptLanguage: data.acceptLanguage, site: services.siteUrl },
});

/** Returns an ack function that answers at most once, and at the latest when the client's timeout ends. */
function answerOnce<Data>(
  name: CommandName,
  ack: (answer: Ack<Data>) => void,
  toErrorAck: (error: unknown) => Ack<never>,
): (answer: Ack<Data>) => void {
  let isAnswered = false;
  const onTimeout = (): void => {
    const cause = new TimeoutError(name, RESPONSE_TIMEOUT_MS);
    answer(toErrorAck(new AppError("unavailable", { retryAfterMs: 1_000 }, { cause })));
  };
  const timer = setTimeout(onTimeout, RESPONSE_TIMEOUT_MS);
  const answer = (result: Ack<Data>): void => {
    if (isAnswered) return;
    isAnswered = true;
    clearTimeout(timer);
    ack(result);
  };
  return answer;
}

/** Counts rate limited commands, and disconnects a client that does not back off. */
function countRejection(socket: ChatSocket, code: string): void {
  if (code !== "rate_limited") return;
  socket.data.rejections += 1;
  if (socket.data.rejections > MAX_REJECTIONS_PER_SECOND) socket.disconnect(true);
}

/** How long a socket may keep using the token of a guest who became a member, before it must send the new one. */
const RENEW_MS = 60_000;

/** Limits the lifetime of a guest's token after the upgrade. The connection stays open meanwhile, so that no message is missed. */
function limitGuestToken({ data }: ChatSocket, actor: Actor, now: number): void {
  if (actor.kind !== data.tokenKind) data.tokenExpiresAt = Math.min(data.tokenExpiresAt, now + RENEW_MS);
}

type Call = {
  readonly name: CommandName;
  readonly run: CommandHandler<CommandName>;
  readonly input: unknown;
  readonly requestId: string;
  readonly sendPosition: SendPosition | null;
};

/** Returns the position of a message among those that this socket sends to its room; taken before anything is awaited. */
function sendPositionOf({ data }: ChatSocket, name: CommandName, input: unknown): SendPosition | null {
  if (name !== "send_message") return null;
  const { roomId } = (input ?? {}) as { roomId?: unknown };
  if (typeof roomId !== "string") return null;
  data.sendOrder ??= createSendOrder();
  return data.sendOrder.takePosition(roomId);
}

/** Loads the actor, enforces the rate limit, parses the payload, runs the use case. */
async function execute(context: CommandContext, { name, run, input, requestId, sendPosition }: Call): Promise<CommandOutput<CommandName>> {
  const { socket, deps } = context;
  const actor = await deps.services.sessions.actorOf(socket.data.sessionId);
  limitGuestToken(socket, actor, deps.services.now().getTime());
  await deps.services.limits.consume(budgetOf(name, actor), actor.id);
  authorize(mayAct(actor));
  return run(contextOf(context, { actor, requestId, sendPosition }), parse(commands[name].input, input), context);
}

/** Commands that have no result and may be lost: they are also executed without an ack function. */
const ACK_OPTIONAL: ReadonlySet<CommandName> = new Set<CommandName>(["typing_start", "typing_stop"]);

/** Does not execute a command whose result could not be sent to the client, and counts it like a rate limited one. */
function rejectWithoutAck({ socket, deps }: CommandContext, name: CommandName): void {
  deps.metrics.commandsWithoutAck.inc({ command: name });
  deps.services.logger.debug("command without an ack function was not executed", { command: name });
  countRejection(socket, "rate_limited");
}

/**
 * The adapter between socket commands and use cases: loads the current actor, enforces the rate limit, validates the input, runs the use
 * case and sends one ack. A command without an ack function is only executed if it has no result.
 */
async function handle(context: CommandContext, { name, run }: Pick<Call, "name" | "run">, args: readonly unknown[]): Promise<void> {
  const { socket, deps } = context;
  const last = args.at(-1);
  const hasAck = typeof last === "function";
  if (!hasAck && !ACK_OPTIONAL.has(name)) return rejectWithoutAck(context, name);
  const ack = hasAck ? (last as (answer: Ack<CommandOutput<CommandName>>) => void) : (): void => undefined;
  const requestId = newId();
  const toErrorAck = (error: unknown): Ack<never> => ({
    ok: false,
    error: toProblem(error, { requestId, acceptLanguage: socket.data.acceptLanguage }, reporterOf(deps)),
  });
  const answer = answerOnce(name, ack, toErrorAck);
  const stopTimer = deps.metrics.commandSeconds.startTimer({ command: name });
  const inputs = hasAck ? args.slice(0, -1) : args;
  const input = inputs.length === 1 ? inputs[0] : undefined;
  const sendPosition = sendPositionOf(socket, name, input);
  try {
    const data = await execute(context, { name, run, input, requestId, sendPosition });
    answer({ ok: true, data });
    stopTimer({ outcome: "ok" });
  } catch (error) {
    const errorAck = toErrorAck(error);
    answer(errorAck);
    if (!errorAck.ok) countRejection(socket, errorAck.error.code);
    stopTimer({ outcome: errorAck.ok ? "ok" : errorAck.error.code });
  } finally {
    sendPosition?.release();
  }
}

/** Rejects an unknown command like a known one, and counts it against the rate limit. */
function rejectUnknown({ socket, deps }: CommandContext, ack: unknown): void {
  const problem = problemOf("unknown_command", {}, { requestId: newId(), acceptLanguage: socket.data.acceptLanguage });
  Promise.resolve(deps.services.limits.consume("unknown", socket.data.author.id)).then(
    () => typeof ack === "function" && ack({ ok: false, error: problem }),
    () => socket.disconnect(true),
  );
}

const isCommand = (name: unknown): name is CommandName => typeof name === "string" && Object.hasOwn(commands, name);

/**
 * Listens to the commands of a socket. One listener for all commands: one for each would be a tenth of the memory of an idle connection.
 */
export function listen(context: CommandContext, runs: CommandHandlers): void {
  context.socket.onAny((name: unknown, ...args: unknown[]) => {
    if (!isCommand(name)) return rejectUnknown(context, args.at(-1));
    const { inFlight } = context.deps;
    // The command name is only known at run time; the `commands` table guarantees that handler and input type match.
    const work = handle(context, { name, run: runs[name] as CommandHandler<CommandName> }, args).finally(() => inFlight.delete(work));
    inFlight.add(work);
  });
}
