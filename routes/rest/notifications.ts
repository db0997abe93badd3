import type { Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { getNotificationPreferences } from "../../services/notifications/get-preferences.ts";
import { listNotifications } from "../../services/notifications/list.ts";
import { readNotifications } from "../../services/notifications/read.ts";
import { updateNotificationPreferences } from "../../services/notifications/update-preferences.ts";
import { mount } from "./mount.ts";

export const notifications = (deps: Deps): Router =>
  mount(deps, { listNotifications, readNotifications, getNotificationPreferences, updateNotificationPreferences });
