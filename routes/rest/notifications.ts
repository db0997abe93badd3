import { Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { endpoint } from "../../middleware/endpoint.ts";
import { getNotificationPreferences } from "../../services/notifications/get-preferences.ts";
import { listNotifications } from "../../services/notifications/list.ts";
import { readNotifications } from "../../services/notifications/read.ts";
import { updateNotificationPreferences } from "../../services/notifications/update-preferences.ts";
import { operations } from "../../utils/contract/operations/index.ts";

export const notifications = (deps: Deps): Router =>
  Router()
    .get(operations.listNotifications.path, endpoint(deps, operations.listNotifications, { run: listNotifications }))
    .post(operations.readNotifications.path, endpoint(deps, operations.readNotifications, { run: readNotifications }))
    .get(
      operations.getNotificationPreferences.path,
      endpoint(deps, operations.getNotificationPreferences, { run: getNotificationPreferences }),
    )
    .patch(
      operations.updateNotificationPreferences.path,
      endpoint(deps, operations.updateNotificationPreferences, { run: updateNotificationPreferences }),
    );
