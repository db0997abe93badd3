import { Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { endpoint } from "../../middleware/endpoint.ts";
import { heartbeat } from "../../services/presence/heartbeat.ts";
import { operations } from "../../utils/contract/operations/index.ts";

export const presence = (deps: Deps): Router =>
  Router().post(operations.heartbeat.path, endpoint(deps, operations.heartbeat, { run: (ctx, input) => heartbeat(ctx, input) }));
