import { Router } from "express";
import type { Deps } from "../middleware/deps.ts";
import { endpoint } from "../middleware/endpoint.ts";
import { listNotifications } from "../services/notifications/list.ts";
import { readNotifications } from "../services/notifications/read.ts";
import { operations } from "../utils/contract/operations.ts";

export const notifications = (deps: Deps): Router =>
  Router()
    .get(operations.listNotifications.path, endpoint(deps, operations.listNotifications, { run: listNotifications }))
    .post(operations.readNotifications.path, endpoint(deps, operations.readNotifications, { run: readNotifications }));
