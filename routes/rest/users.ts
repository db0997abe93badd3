import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Request, type Response, Router } from "express";
import { contextOf, type Deps } from "../../middleware/deps.ts";
import { enforceRateLimit } from "../../middleware/rate-limit.ts";
import { withinDeadline } from "../../middleware/request-deadline.ts";
import { updateMe } from "../../services/account/update-me.ts";
import { listSecurityHistory } from "../../services/audit/list-history.ts";
import { deleteMe } from "../../services/privacy/erasure/delete-me.ts";
import { downloadExport } from "../../services/privacy/export/download.ts";
import { getExport } from "../../services/privacy/export/get.ts";
import { requestExport } from "../../services/privacy/export/request.ts";
import { findUsers } from "../../services/users/find.ts";
import { getUser } from "../../services/users/get.ts";
import { type DeletionDto, downloadExportInput, downloadExportPath } from "../../utils/contract/schemas/privacy.ts";
import { parse } from "../../utils/parse.ts";
import { mount, withResponse } from "./mount.ts";
import { clearSession } from "./session-cookie.ts";

/** Clears the refresh cookie too when an account is deleted. */
const signOutToo =
  (deps: Deps) =>
  (deletion: DeletionDto, req: Request, res: Response): DeletionDto => {
    clearSession(deps)(deletion, req, res);
    return deletion;
  };

/** REST endpoints for profiles, the actor's own profile and their personal data. */
export const users = (deps: Deps): Router =>
  mount(deps, {
    // Before `getUser`, whose path would treat "me" as a user id.
    updateMe,
    deleteMe: withResponse(deleteMe, signOutToo(deps)),
    findUsers,
    getUser,
    listSecurityHistory,
    requestExport,
    getExport,
  });

/** The download endpoint of exports, for links without a token. */
export const downloads = (deps: Deps): Router =>
  Router().get(downloadExportPath, async (req, res) => {
    const ctx = contextOf(deps, req);
    await enforceRateLimit(deps, "rest", ctx, res);
    const input = parse(downloadExportInput, { ...req.query, ...req.params });
    const { sizeBytes, createdAt, chunks } = await withinDeadline(req, () => downloadExport(ctx, input));
    res
      .attachment(`my-data-${createdAt.toISOString().slice(0, 10)}.zip`)
      .type("application/zip")
      .set("Content-Length", String(sizeBytes));
    if (req.method === "HEAD") return void res.end();
    // A client that disconnects before the end is not an error.
    await pipeline(Readable.from(chunks, { objectMode: false }), res).catch(() => res.destroy());
  });
