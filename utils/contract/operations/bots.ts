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

/** The doors of programs that take part, for those who run the site. */
export const botOperations = {
  listBots: {
    method: "get",
    path: "/api/admin/bots",
    summary: "The bots there are, the newest first, with their tokens that are still good.",
    caller: "bearer",
    budget: "rest",
    input: listBotsInput,
    output: pageOf(bot),
    status: 200,
  },
  createBot: {
    method: "post",
    path: "/api/admin/bots",
    summary: "Make a bot and its first API token, which is shown this once. Needs a step-up.",
    caller: "bearer",
    budget: "rest",
    input: createBotInput,
    output: madeBot,
    status: 201,
  },
  retireBot: {
    method: "delete",
    path: "/api/admin/bots/:botId",
    summary: "End a bot: all its tokens at once. What it wrote stays, and so does its name. Needs a step-up.",
    caller: "bearer",
    budget: "rest",
    input: botParams,
    output: null,
    status: 204,
  },
  createBotToken: {
    method: "post",
    path: "/api/admin/bots/:botId/tokens",
    summary: "Make one more API token of a bot, which is shown this once. Needs a step-up.",
    caller: "bearer",
    budget: "rest",
    input: createBotTokenInput,
    output: newApiToken,
    status: 201,
  },
  revokeBotToken: {
    method: "delete",
    path: "/api/admin/bots/:botId/tokens/:tokenId",
    summary: "Revoke an API token: within 2 s it opens nothing any more, and its sockets are cut. Needs a step-up.",
    caller: "bearer",
    budget: "rest",
    input: botTokenParams,
    output: null,
    status: 204,
  },
} as const satisfies Record<string, Operation>;
