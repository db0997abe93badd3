import { type NextFunction, type Request, type RequestHandler, type Response, Router } from "express";
import { AppError } from "../utils/errors.ts";

/** Express's internal route layer, which its types do not declare. */
type Layer = { readonly route?: { readonly path: string | RegExp; readonly methods: Readonly<Record<string, boolean>> } };

declare global {
  namespace Express {
    interface Locals {
      /** The methods that all matching routes support for the path of this request. */
      allowedMethods?: Set<string>;
    }
  }
}

/** Returns the methods of each path, read from the routes. GET includes HEAD (RFC 9110, 9.3.2). */
function methodsByPath(routers: readonly Router[]): Map<string | RegExp, Set<string>> {
  const methods = new Map<string | RegExp, Set<string>>();
  const routes = routers.flatMap(({ stack }) => (stack as unknown as readonly Layer[]).flatMap(({ route }) => route ?? []));
  for (const { path, methods: known } of routes) {
    const names = Object.keys(known).map((method) => method.toUpperCase());
    const all = methods.get(path) ?? new Set(["OPTIONS"]);
    for (const name of names.includes("GET") ? [...names, "HEAD"] : names) all.add(name);
    methods.set(path, all);
  }
  return methods;
}

const addMethod =
  (methods: ReadonlySet<string>): RequestHandler =>
  (_req, res, next) => {
    res.locals.allowedMethods = new Set([...(res.locals.allowedMethods ?? []), ...methods]);
    next();
  };

/** Passes a request on if a route supports it, or if no route has its path. */
function decide(req: Request, res: Response, next: NextFunction): void {
  const { allowedMethods } = res.locals;
  if (allowedMethods === undefined || (allowedMethods.has(req.method) && req.method !== "OPTIONS")) {
    next();
    return;
  }
  res.set("Allow", [...allowedMethods].sort().join(", "));
  if (req.method !== "OPTIONS") throw new AppError("method_not_allowed");
  res.status(204).end();
}

/**
 * Answers 405 `method_not_allowed` with `Allow` if the path is known but its method is not, and OPTIONS with 204 and `Allow` (RFC 9110,
 * 15.5.6 and 9.3.7). It reads the routes of the given routers, so that a new route needs no configuration. Mount it before them: it does
 * not consume a rate limit and does not read the body.
 */
export function allowedMethods(routers: readonly Router[]): RequestHandler {
  const router = Router();
  for (const [path, methods] of methodsByPath(routers)) router.all(path, addMethod(methods));
  router.use(decide);
  // Wrapped in a handler, because these are not routes of the app.
  return (req, res, next) => router(req, res, next);
}
