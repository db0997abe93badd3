import {
  bot,
  botParams,
  botTokenParams,
  createBotInput,
  createBotTokenInput,
  listBotsInput,
  madeBot,
  newApiToken,
} from "../schemas/bots.ts";
import { pageOf } from "../schemas/primitives.ts";
import type { Operation } from "./operation.ts";

/** Endpoints with which admins manage bots and their API tokens. */
export const botOperations = {
  listBots: {
    method: "get",
    path: "/api/admin/bots",
    summary: "Returns all bots, newest first, with their valid API tokens.",
    caller: "bearer",
    budget: "rest",
    input: listBotsInput,
    output: pageOf(bot),
    status: 200,
  },
  createBot: {
    method: "post",
    path: "/api/admin/bots",
    summary: "Creates a bot and its first API token. The token is shown only once. Requires a step-up.",
    caller: "bearer",
    budget: "rest",
    input: createBotInput,
    output: madeBot,
    status: 201,
  },
  retireBot: {
    method: "delete",
    path: "/api/admin/bots/:botId",
    summary: "Retires a bot and revokes all its tokens. Its messages and its name remain. Requires a step-up.",
    caller: "bearer",
    budget: "rest",
    input: botParams,
    output: null,
    status: 204,
  },
  createBotToken: {
    method: "post",
    path: "/api/admin/bots/:botId/tokens",
    summary: "Creates an additional API token for a bot. The token is shown only once. Requires a step-up.",
    caller: "bearer",
    budget: "rest",
    input: createBotTokenInput,
    output: newApiToken,
    status: 201,
  },
  revokeBotToken: {
    method: "delete",
    path: "/api/admin/bots/:botId/tokens/:tokenId",
    summary: "Revokes an API token. The token stops working within 2 s, and its sockets are disconnected. Requires a step-up.",
    caller: "bearer",
    budget: "rest",
    input: botTokenParams,
    output: null,
    status: 204,
  },
} as const satisfies Record<string, Operation>;
