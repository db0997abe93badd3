import { Router } from "express";
import type { Deps } from "../middleware/deps.ts";

/** Lists the text messages and e-mails that would have been sent. In production there is no outbox and no such endpoint. */
export function dev({ outbox }: Deps): Router {
  const router = Router();
  if (outbox === null) return router;
  router.get("/api/dev/outbox", (req, res) => {
    res.json({ items: outbox.list(typeof req.query.to === "string" ? req.query.to : undefined) });
  });
  return router;
}
