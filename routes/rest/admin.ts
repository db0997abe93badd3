import type { Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { addLoungeModerator, removeLoungeModerator } from "../../services/roles/lounge-moderators.ts";
import { setRole } from "../../services/roles/set-role.ts";
import { mount } from "./mount.ts";

/** REST endpoints for administrators. */
export const admin = (deps: Deps): Router => mount(deps, { setRole, addLoungeModerator, removeLoungeModerator });
