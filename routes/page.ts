import { join } from "node:path";
import express, { Router } from "express";

/** The built page: hashed files for ever, the document never kept, and every address of the page answers with it. */
export function page(dir: string): Router {
  return Router()
    .use("/assets", express.static(join(dir, "assets"), { immutable: true, maxAge: "1y", fallthrough: true, index: false }))
    .use(express.static(dir, { index: false, maxAge: "1h" }))
    .get(/^\/(?!api\/|assets\/|socket\.io)[^.]*$/, (_req, res) => {
      res.set("Cache-Control", "no-cache").sendFile(join(dir, "index.html"));
    });
}
