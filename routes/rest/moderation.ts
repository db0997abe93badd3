import type { Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { listReviewQueue } from "../../services/moderation/list-review-queue.ts";
import { resolveReview } from "../../services/moderation/resolve-review.ts";
import { mount } from "./mount.ts";

export const moderation = (deps: Deps): Router => mount(deps, { listHeld: listReviewQueue, decideHeld: resolveReview });
