import type { Request, RequestHandler, Response } from "express";
import type { z } from "zod";
import type { Actor } from "../services/actor.ts";
import { authorize } from "../services/authorize.ts";
import type { Ctx, OpenCtx } from "../services/context.ts";
import { messagesBudgetOf } from "../services/limits/budgets.ts";
import { mayAct } from "../services/sanctions/policy.ts";
import { isPerson } from "../services/users/policy.ts";
import { type Operation, type OperationName, operations } from "../utils/contract/operations/index.ts";
import { serverTimeoutOf } from "../utils/contract/timeouts.ts";
import { AppError } from "../utils/errors.ts";
import { parse } from "../utils/parse.ts";
import { contextOf, type Deps } from "./deps.ts";
import { enforceRateLimit } from "./rate-limit.ts";
import { withinDeadline } from "./request-deadline.ts";

/** The context an operation's use case gets: with an actor where the door asks for a bearer. */
type CtxOf<Op extends Operation> = Op["caller"] extends "bearer" ? Ctx<Actor> : OpenCtx;

/** How one operation meets HTTP. `send` turns the result into the body: cookies and `Location` are set there. */
export type EndpointOptions<Op extends Operation, Result> = {
  from?: (req: Request) => unknown;
  run: (ctx: CtxOf<Op>, input: z.infer<Op["input"]>, req: Request) => Promise<Result> | Result;
  send?: (result: Result, req: Request, res: Response) => unknown;
};

/** What a call says: the query of a reading one, the body of any other; the path's part always wins. */
function inputOf(req: Request): unknown {
  if (req.method === "GET" || req.method === "HEAD") return { ...req.query, ...req.params };
  const body: unknown = req.body;
  // Spread out, a list would pass for an object.
  return Array.isArray(body) ? body : { ...(body as object | undefined), ...req.params };
}

/** Who may knock here at all. What they may do inside is the use case's to say. */
function admit({ caller, isForBanned, isForPeople }: Operation, actor: Actor | null): void {
  if (caller === "csrf" || isForPeople === true) authorize(isPerson(actor));
  if (caller !== "bearer") return;
  if (actor === null) throw new AppError("unauthenticated");
  if (isForBanned !== true) authorize(mayAct(actor));
}

const names = new Map<Operation, OperationName>(
  Object.entries<Operation>(operations).map(([name, operation]) => [operation, name as OperationName]),
);

function timeoutOf(operation: Operation): number {
  const name = names.get(operation);
  if (name === undefined) throw new Error(`The contract has no operation ${operation.method} ${operation.path}.`);
  return serverTimeoutOf(name);
}

/**
 * The REST adapter: enforces the rate limit, parses, makes a fresh context, runs the use case, all within the operation's timeout,
 * and answers JSON. What it throws goes to `middleware/errors.ts`.
 */
export function endpoint<Op extends Operation, Result>(deps: Deps, operation: Op, handling: EndpointOptions<Op, Result>): RequestHandler {
  const { from = inputOf, run, send = (result: Result) => result } = handling;
  const timeoutMs = timeoutOf(operation);
  const perform = async (req: Request, res: Response): Promise<Result> => {
    const ctx = contextOf(deps, req) as CtxOf<Op>;
    const budget = operation.budget === "messages" ? messagesBudgetOf(ctx.actor) : operation.budget;
    await enforceRateLimit(deps, budget, ctx, res);
    admit(operation, ctx.actor);
    const input = parse(operation.input, from(req)) as z.infer<Op["input"]>;
    return run(ctx, input, req);
  };
  return async (req, res) => {
    const body = send(await withinDeadline(req, () => perform(req, res), timeoutMs), req, res);
    if (operation.status === 204) res.status(204).end();
    else res.status(operation.status).json(body);
  };
}
