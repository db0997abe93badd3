import { me } from "../auth.ts";
import type { Operation } from "../operation.ts";
import { pageOf } from "../primitives.ts";
import { dataExport, deleteMeInput, deletion, exportParams, requestExportInput } from "../privacy.ts";
import { findUsersInput, profile, setRoleInput, updateMeInput, user, userParams } from "../users.ts";

/** The doors of people, their profiles, roles and data. */
export const peopleDoors = {
  getUser: {
    method: "get",
    path: "/api/users/:userId",
    summary: "Somebody's profile.",
    caller: "bearer",
    budget: "rest",
    input: userParams,
    output: profile,
    status: 200,
  },
  findUsers: {
    method: "get",
    path: "/api/users",
    summary: "Members whose username or name begins like this.",
    caller: "bearer",
    budget: "rest",
    input: findUsersInput,
    output: pageOf(user),
    status: 200,
  },
  updateMe: {
    method: "patch",
    path: "/api/users/me",
    summary: "Change one's profile and privacy.",
    caller: "bearer",
    budget: "rest",
    input: updateMeInput,
    output: me,
    status: 200,
  },
  deleteMe: {
    method: "delete",
    path: "/api/users/me",
    summary: "Have one's account deleted in 14 days, or a guest at once. Needs a step-up.",
    caller: "bearer",
    budget: "rest",
    input: deleteMeInput,
    output: deletion,
    status: 202,
    isForBanned: true,
  },
  requestExport: {
    method: "post",
    path: "/api/users/me/export",
    summary: "Have all of one's data put into a zip. Needs a step-up.",
    caller: "bearer",
    budget: "rest",
    input: requestExportInput,
    output: dataExport,
    status: 202,
    isForBanned: true,
  },
  getExport: {
    method: "get",
    path: "/api/users/me/export/:exportId",
    summary: "How far an export is, and where to get it.",
    caller: "bearer",
    budget: "rest",
    input: exportParams,
    output: dataExport,
    status: 200,
    isForBanned: true,
  },
  setRole: {
    method: "put",
    path: "/api/admin/users/:userId/role",
    summary: "Make somebody a member, moderator or admin. Needs a step-up.",
    caller: "bearer",
    budget: "rest",
    input: setRoleInput,
    output: user,
    status: 200,
  },
} as const satisfies Record<string, Operation>;
