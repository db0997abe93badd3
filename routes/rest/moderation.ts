import { Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { endpoint } from "../../middleware/endpoint.ts";
import { listReviewQueue } from "../../services/moderation/list-review-queue.ts";
import { resolveReview } from "../../services/moderation/resolve-review.ts";
import { operations } from "../../utils/contract/operations/index.ts";

export const moderation = (deps: Deps): Router =>
  Router()
    .get(operations.listHeld.path, endpoint(deps, operations.listHeld, { run: listReviewQueue }))
    .post(operations.decideHeld.path, endpoint(deps, operations.decideHeld, { run: resolveReview }));
