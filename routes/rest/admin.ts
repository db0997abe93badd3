import { Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { endpoint } from "../../middleware/endpoint.ts";
import { setRole } from "../../services/roles/set-role.ts";
import { operations } from "../../utils/contract/operations/index.ts";

/** REST endpoints for administrators. */
export const admin = (deps: Deps): Router => Router().put(operations.setRole.path, endpoint(deps, operations.setRole, { run: setRole }));
