import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { type RequestHandler, Router } from "express";
import staticGzip from "express-static-gzip";

/** Headers that only matter for documents: on a script or a font they are overhead. */
const DOCUMENT_HEADERS = [
  "Content-Security-Policy",
  "Cross-Origin-Opener-Policy",
  "Origin-Agent-Cluster",
  "Referrer-Policy",
  "X-DNS-Prefetch-Control",
  "X-Download-Options",
  "X-Frame-Options",
  "X-Permitted-Cross-Domain-Policies",
  "X-XSS-Protection",
];

function setHeaders(res: ServerResponse): void {
  for (const name of DOCUMENT_HEADERS) res.removeHeader(name);
}

/** Serves files, preferring the compressed versions that the build created. */
const files = (dir: string, options: { immutable?: boolean; maxAge: string }) =>
  staticGzip(dir, { enableBrotli: true, orderPreference: ["br", "gz"], index: false, serveStatic: { ...options, setHeaders } });

/** Skips paths that are not valid UTF-8, so that they are answered with `not_found`. */
const skipMalformed: RequestHandler = (req, _res, next) => {
  try {
    decodeURIComponent(req.path);
    next();
  } catch {
    next("router");
  }
};

/** Serves the built page: hashed files may be cached forever, the document never, and every path of the page returns the document. */
export function page(dir: string): Router {
  return Router()
    .use(skipMalformed)
    .use("/assets", files(join(dir, "assets"), { immutable: true, maxAge: "1y" }))
    .use(files(dir, { maxAge: "1h" }))
    .get(/^\/(?!api\/|assets\/|socket\.io)[^.]*$/, (_req, res) => {
      res.set("Cache-Control", "no-cache").sendFile(join(dir, "index.html"));
    });
}
