import type { Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { heartbeat } from "../../services/presence/heartbeat.ts";
import { mount } from "./mount.ts";

export const presence = (deps: Deps): Router => mount(deps, { heartbeat: (ctx, input) => heartbeat(ctx, input) });
