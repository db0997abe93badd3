import { type NextFunction, type Request, type RequestHandler, type Response, Router } from "express";
import { AppError } from "../utils/errors.ts";

/** What Express keeps of a router; its types say less. */
type Layer = { readonly route?: { readonly path: string | RegExp; readonly methods: Readonly<Record<string, boolean>> } };

declare global {
  namespace Express {
    interface Locals {
      /** The methods that the path of this request has, by all routes that match it. */
      allowedMethods?: Set<string>;
    }
  }
}

/** The methods of each path, from the routes themselves. GET includes HEAD (RFC 9110, 9.3.2). */
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

/** Lets a request pass that a route takes, or whose path no route has. */
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
 * Answers 405 `method_not_allowed` with `Allow` where a path is known and its method is not, and OPTIONS with 204 and `Allow`
 * (RFC 9110, 15.5.6 and 9.3.7). It reads the routes of the routers that it is given, so that a new route needs nothing more. Mount it
 * before them: it costs nobody's budget and reads no body.
 */
export function allowedMethods(routers: readonly Router[]): RequestHandler {
  const router = Router();
  for (const [path, methods] of methodsByPath(routers)) router.all(path, addMethod(methods));
  router.use(decide);
  // A handler of its own, because these are no routes of the app.
  return (req, res, next) => router(req, res, next);
}
