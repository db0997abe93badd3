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

/** The context of an operation's use case: with an actor where the endpoint requires a Bearer token. */
export type CtxOf<Op extends Operation> = Op["caller"] extends "bearer" ? Ctx : OpenCtx;

/**
 * How one operation maps to HTTP. `send` turns the result into the body and may set cookies, `Location`, and the operation's
 * `repeatStatus`.
 */
export type EndpointOptions<Op extends Operation, Result> = {
  from?: (req: Request) => unknown;
  run: (ctx: CtxOf<Op>, input: z.infer<Op["input"]>, req: Request) => Promise<Result> | Result;
  send?: (result: Result, req: Request, res: Response) => unknown;
};

/** Returns the input of a call: the query for GET and HEAD, the body otherwise. Path parameters take precedence. */
function inputOf(req: Request): unknown {
  if (req.method === "GET" || req.method === "HEAD") return { ...req.query, ...req.params };
  const body: unknown = req.body;
  // Spreading an array would turn it into an object.
  return Array.isArray(body) ? body : { ...(body as object | undefined), ...req.params };
}

/** Checks whether the caller may use this endpoint at all. The use case checks the permission for the action. */
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
 * The REST adapter: enforces the rate limit, parses the input, creates a context and runs the use case, all within the operation's
 * timeout, and answers with JSON. Errors go to `middleware/errors.ts`.
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
    const result = await withinDeadline(req, () => perform(req, res), timeoutMs);
    res.status(operation.status);
    const body = send(result, req, res);
    if (operation.status === 204) res.end();
    else res.json(body);
  };
}
