import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Request, type Response, Router } from "express";
import { contextOf, type Deps } from "../../middleware/deps.ts";
import { endpoint } from "../../middleware/endpoint.ts";
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
import { operations } from "../../utils/contract/operations/index.ts";
import { type DeletionDto, downloadExportInput, downloadExportPath } from "../../utils/contract/schemas/privacy.ts";
import { parse } from "../../utils/parse.ts";
import { takeBack } from "./session-cookie.ts";

/** Who leaves is signed out here too: the refresh cookie goes with the answer. */
const signOutToo =
  (deps: Deps) =>
  (deletion: DeletionDto, req: Request, res: Response): DeletionDto => {
    takeBack(deps)(deletion, req, res);
    return deletion;
  };

/** Profiles, one's own among them, and what somebody may do with what is known of them. */
export function users(deps: Deps): Router {
  const router = Router();
  // Before `/:userId`, or "me" would be taken for somebody's id.
  router.patch(operations.updateMe.path, endpoint(deps, operations.updateMe, { run: updateMe }));
  router.delete(operations.deleteMe.path, endpoint(deps, operations.deleteMe, { run: deleteMe, send: signOutToo(deps) }));
  router.get(operations.findUsers.path, endpoint(deps, operations.findUsers, { run: findUsers }));
  router.get(operations.getUser.path, endpoint(deps, operations.getUser, { run: getUser }));
  router.get(operations.listSecurityHistory.path, endpoint(deps, operations.listSecurityHistory, { run: listSecurityHistory }));
  router.post(operations.requestExport.path, endpoint(deps, operations.requestExport, { run: requestExport }));
  router.get(operations.getExport.path, endpoint(deps, operations.getExport, { run: getExport }));
  return router;
}

/** Where exports are fetched: a door for links, which bring no token. */
export const downloads = (deps: Deps): Router =>
  Router().get(downloadExportPath, async (req, res) => {
    const ctx = contextOf(deps, req);
    await enforceRateLimit(deps, "rest", ctx, res);
    const input = parse(downloadExportInput, { ...req.query, ...req.params });
    const { sizeBytes, createdAt, pieces } = await withinDeadline(req, () => downloadExport(ctx, input));
    res
      .attachment(`my-data-${createdAt.toISOString().slice(0, 10)}.zip`)
      .type("application/zip")
      .set("Content-Length", String(sizeBytes));
    if (req.method === "HEAD") return void res.end();
    // Who goes away before the end does not concern anybody here.
    await pipeline(Readable.from(pieces, { objectMode: false }), res).catch(() => res.destroy());
  });
