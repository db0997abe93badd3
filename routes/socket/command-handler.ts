import type { Deps } from "../../middleware/deps.ts";
import { problemOf, reporterOf, toProblem } from "../../middleware/errors.ts";
import { RESPONSE_TIMEOUT_MS } from "../../middleware/request-deadline.ts";
import type { Actor } from "../../services/actor.ts";
import { authorize } from "../../services/authorize.ts";
import type { Ctx } from "../../services/context.ts";
import { messagesBudgetOf } from "../../services/limits/budgets.ts";
import { createSendOrder, type SendTurn } from "../../services/messages/writer/send-order.ts";
import type { ChatSocket } from "../../services/realtime/io.ts";
import { mayAct } from "../../services/sanctions/policy.ts";
import { TimeoutError } from "../../utils/async/with-timeout.ts";
import { type Ack, type CommandInput, type CommandName, type CommandOutput, commands } from "../../utils/contract/events.ts";
import type { BudgetName } from "../../utils/contract/limits.ts";
import { AppError } from "../../utils/errors.ts";
import { newId } from "../../utils/ids.ts";
import { parse } from "../../utils/parse.ts";

/** Where a command came in. */
export type CommandContext = { readonly socket: ChatSocket; readonly deps: Deps };

/** A command's work: the same use case that its REST twin runs. */
export type CommandHandler<Name extends CommandName> = (
  ctx: Ctx,
  input: CommandInput<Name>,
  door: CommandContext,
) => Promise<CommandOutput<Name>> | CommandOutput<Name>;

export type CommandHandlers = { readonly [Name in CommandName]: CommandHandler<Name> };

/** A client that was refused for haste so often within a second does not listen; it is cut. */
const MAX_REJECTIONS_PER_SECOND = 100;

const budgetOf = (name: CommandName, actor: Actor): BudgetName => {
  if (name === "send_message") return messagesBudgetOf(actor);
  if (name === "heartbeat") return "heartbeat";
  if (name === "mark_read" || name === "mark_received") return "receipts";
  return name === "typing_start" || name === "typing_stop" ? "typing" : "rest";
};

const contextOf = (
  { socket: { data }, deps: { services } }: CommandContext,
  call: Pick<Call, "requestId" | "sendTurn"> & { readonly actor: Actor },
): Ctx => ({
  ...services,
  actor: call.actor,
  requestId: call.requestId,
  sendTurn: call.sendTurn,
  origin: { address: data.address, userAgent: data.userAgent, acceptLanguage: data.acceptLanguage, site: services.siteUrl },
});

/** Answers at most once, and at the latest when the client would stop waiting. */
function answerOnce<Data>(
  name: CommandName,
  ack: (answer: Ack<Data>) => void,
  refuse: (error: unknown) => Ack<never>,
): (answer: Ack<Data>) => void {
  let isAnswered = false;
  const giveUp = (): void => {
    const cause = new TimeoutError(name, RESPONSE_TIMEOUT_MS);
    answer(refuse(new AppError("unavailable", { retryAfterMs: 1_000 }, { cause })));
  };
  const timer = setTimeout(giveUp, RESPONSE_TIMEOUT_MS);
  const answer = (result: Ack<Data>): void => {
    if (isAnswered) return;
    isAnswered = true;
    clearTimeout(timer);
    ack(result);
  };
  return answer;
}

/** Refuses what came too fast, and cuts a client that goes on all the same. */
function countRejection(socket: ChatSocket, code: string): void {
  if (code !== "rate_limited") return;
  socket.data.refusals += 1;
  if (socket.data.refusals > MAX_REJECTIONS_PER_SECOND) socket.disconnect(true);
}

/** How long a socket may go on with the token of a guest who is a member now, before it shows the new one. */
const RENEW_MS = 60_000;

/** The token of a guest ends with the guest. The line stays open meanwhile, so that nothing said in the room is missed. */
function limitGuestToken({ data }: ChatSocket, actor: Actor, now: number): void {
  if (actor.kind !== data.tokenKind) data.tokenExpiresAt = Math.min(data.tokenExpiresAt, now + RENEW_MS);
}

type Call = {
  readonly name: CommandName;
  readonly run: CommandHandler<CommandName>;
  readonly input: unknown;
  readonly requestId: string;
  readonly sendTurn: SendTurn | null;
};

/** The place of a message among those that this socket sends to its room; taken before anything is waited for. */
function sendTurnOf({ data }: ChatSocket, name: CommandName, input: unknown): SendTurn | null {
  if (name !== "send_message") return null;
  const { roomId } = (input ?? {}) as { roomId?: unknown };
  if (typeof roomId !== "string") return null;
  data.sendOrder ??= createSendOrder();
  return data.sendOrder.enter(roomId);
}

/** Loads who acts, pays the budget, reads the payload, runs the use case. */
async function execute(door: CommandContext, { name, run, input, requestId, sendTurn }: Call): Promise<CommandOutput<CommandName>> {
  const { socket, deps } = door;
  const actor = await deps.services.sessions.actorOf(socket.data.sessionId);
  limitGuestToken(socket, actor, deps.services.now().getTime());
  await deps.services.limits.consume(budgetOf(name, actor), actor.id);
  authorize(mayAct(actor));
  return run(contextOf(door, { actor, requestId, sendTurn }), parse(commands[name].input, input), door);
}

/** Commands that have no result and may be lost: they are executed without an ack function, too. */
const ACK_OPTIONAL: ReadonlySet<CommandName> = new Set<CommandName>(["typing_start", "typing_stop"]);

/** Does not execute a command whose client could not be told the result, and counts it like one that came too fast. */
function rejectWithoutAck({ socket, deps }: CommandContext, name: CommandName): void {
  deps.metrics.commandsWithoutAck.inc({ command: name });
  deps.services.logger.debug("a command without an ack function was not executed", { command: name });
  countRejection(socket, "rate_limited");
}

/**
 * The one adapter between a socket's command and a use case: the actor as of now, the limit, the schema, the work, one
 * ack. A command without an ack function is only executed where it has no result.
 */
async function handle(door: CommandContext, { name, run }: Pick<Call, "name" | "run">, args: readonly unknown[]): Promise<void> {
  const { socket, deps } = door;
  const last = args.at(-1);
  const hasAck = typeof last === "function";
  if (!hasAck && !ACK_OPTIONAL.has(name)) return rejectWithoutAck(door, name);
  const ack = hasAck ? (last as (answer: Ack<CommandOutput<CommandName>>) => void) : (): void => undefined;
  const requestId = newId();
  const refuse = (error: unknown): Ack<never> => ({
    ok: false,
    error: toProblem(error, { requestId, acceptLanguage: socket.data.acceptLanguage }, reporterOf(deps)),
  });
  const answer = answerOnce(name, ack, refuse);
  const stopTimer = deps.metrics.commandSeconds.startTimer({ command: name });
  const inputs = hasAck ? args.slice(0, -1) : args;
  const input = inputs.length === 1 ? inputs[0] : undefined;
  const sendTurn = sendTurnOf(socket, name, input);
  try {
    const data = await execute(door, { name, run, input, requestId, sendTurn });
    answer({ ok: true, data });
    stopTimer({ outcome: "ok" });
  } catch (error) {
    const refusal = refuse(error);
    answer(refusal);
    if (!refusal.ok) countRejection(socket, refusal.error.code);
    stopTimer({ outcome: refusal.ok ? "ok" : refusal.error.code });
  } finally {
    sendTurn?.leave();
  }
}

/** A command nobody knows is refused like a known one, and paid for. */
function rejectUnknown({ socket, deps }: CommandContext, ack: unknown): void {
  const problem = problemOf("unknown_command", {}, { requestId: newId(), acceptLanguage: socket.data.acceptLanguage });
  Promise.resolve(deps.services.limits.consume("unknown", socket.data.author.id)).then(
    () => typeof ack === "function" && ack({ ok: false, error: problem }),
    () => socket.disconnect(true),
  );
}

const isCommand = (name: unknown): name is CommandName => typeof name === "string" && Object.hasOwn(commands, name);

/** Hears a socket's commands. One listener for all of them: one for each would be a tenth of what an idle connection costs. */
export function listen(door: CommandContext, runs: CommandHandlers): void {
  door.socket.onAny((name: unknown, ...args: unknown[]) => {
    if (!isCommand(name)) return rejectUnknown(door, args.at(-1));
    const { inFlight } = door.deps;
    // Which command it is is known only now; that its work takes its input is the table's promise.
    const work = handle(door, { name, run: runs[name] as CommandHandler<CommandName> }, args).finally(() => inFlight.delete(work));
    inFlight.add(work);
  });
}
