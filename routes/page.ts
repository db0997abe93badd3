import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { type RequestHandler, Router } from "express";
import staticGzip from "express-static-gzip";

/** Headers that tell a browser how to treat a document: beside a script or a font they are only weight. */
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

/** Sends files, and those that the build has compressed as they lie there. */
const files = (dir: string, options: { immutable?: boolean; maxAge: string }) =>
  staticGzip(dir, { enableBrotli: true, orderPreference: ["br", "gz"], index: false, serveStatic: { ...options, setHeaders } });

/** Leaves addresses that are not valid UTF-8 to the router's answer for what is not there. */
const skipMalformed: RequestHandler = (req, _res, next) => {
  try {
    decodeURIComponent(req.path);
    next();
  } catch {
    next("router");
  }
};

/** Serves the built page: hashed files for ever, the document never kept, and every address of the page answers with it. */
export function page(dir: string): Router {
  return Router()
    .use(skipMalformed)
    .use("/assets", files(join(dir, "assets"), { immutable: true, maxAge: "1y" }))
    .use(files(dir, { maxAge: "1h" }))
    .get(/^\/(?!api\/|assets\/|socket\.io)[^.]*$/, (_req, res) => {
      res.set("Cache-Control", "no-cache").sendFile(join(dir, "index.html"));
    });
}
