import { type Request, type Response, Router } from "express";
import type { z } from "zod";
import { csrfProven } from "../../middleware/csrf.ts";
import type { Deps } from "../../middleware/deps.ts";
import { type CtxOf, type EndpointOptions, endpoint } from "../../middleware/endpoint.ts";
import { type Operation, type OperationName, type Operations, operations } from "../../utils/contract/operations/index.ts";

type Run<Ctx, Input> = (ctx: Ctx, input: Input, req: Request) => unknown;

/** A use case whose result is turned into the response body by `send`, which may also set cookies and headers. */
type Responding<Ctx, Input> = { readonly run: Run<Ctx, Input>; readonly send: (result: never, req: Request, res: Response) => unknown };

/** What handles an operation: a use case whose result is the body, or one `withResponse`. */
type Handler<Op extends Operation> = Run<CtxOf<Op>, z.infer<Op["input"]>> | Responding<CtxOf<Op>, z.infer<Op["input"]>>;

type Handlers = { readonly [Name in OperationName]?: Handler<Operations[Name]> };

/** Pairs a use case with the function that turns its result into the response. */
export const withResponse = <Ctx, Input, Result>(
  run: (ctx: Ctx, input: Input, req: Request) => Promise<Result> | Result,
  send: (result: Result, req: Request, res: Response) => unknown,
): Responding<Ctx, Input> => ({ run, send });

/** Answers with a created resource and its address: the path of the request and the id that `idOf` returns. */
export const withLocation = <Ctx, Input, Result>(
  run: (ctx: Ctx, input: Input, req: Request) => Promise<Result> | Result,
  idOf: (result: Result) => string,
): Responding<Ctx, Input> =>
  withResponse(run, (result: Result, req, res) => {
    res.location(`${req.path}/${idOf(result)}`);
    return result;
  });

/**
 * Creates a router for operations of the contract, in the order given: method, path, CSRF check, caller, rate limit and timeout are those
 * that each operation declares. The order matters where a path matches another one's parameter.
 */
export function mount(deps: Deps, handlers: Handlers): Router {
  const router = Router();
  for (const [name, handler] of Object.entries(handlers)) {
    const operation: Operation = operations[name as OperationName];
    const options = (typeof handler === "function" ? { run: handler } : handler) as EndpointOptions<Operation, unknown>;
    const checks = operation.caller === "csrf" ? [csrfProven] : [];
    router[operation.method](operation.path, ...checks, endpoint(deps, operation, options));
  }
  return router;
}
