import { type RequestHandler, Router } from "express";
import { csrfCookieName } from "../middleware/csrf.ts";
import { contextOf, type Deps } from "../middleware/deps.ts";
import { problemOf } from "../middleware/errors.ts";
import { enforceRateLimit } from "../middleware/rate-limit.ts";
import { asyncapi } from "../utils/contract/docs/asyncapi.ts";
import { openapi } from "../utils/contract/docs/openapi.ts";
import { type ContractInfo, contractVersion } from "../utils/contract/docs/schemas.ts";
import type { ErrorCode } from "../utils/contract/errors.ts";
import { docsPage } from "./docs/page.ts";
import { docsStyle } from "./docs/style.ts";

const statusOf = (code: ErrorCode): number => problemOf(code, {}, { requestId: "" }).status;

/** Serves the API contract in three formats, each built once because they only change with the code. */
export function apiDocs(deps: Deps): Router {
  const { publicUrl, port } = deps.config;
  const url = publicUrl ?? `http://localhost:${port}`;
  const info: ContractInfo = { version: contractVersion, url, statusOf, csrfCookie: csrfCookieName(deps.config) };
  const document =
    (type: string, text: string): RequestHandler =>
    async (req, res) => {
      await enforceRateLimit(deps, "rest", contextOf(deps, req), res);
      res.set("Cache-Control", "public, max-age=300").type(type).send(text);
    };
  return Router()
    .get("/api/openapi.json", document("application/json", JSON.stringify(openapi(info))))
    .get("/api/asyncapi.json", document("application/json", JSON.stringify(asyncapi(info))))
    .get("/api/docs", document("text/html", docsPage(info)))
    .get("/api/docs.css", document("text/css", docsStyle));
}
