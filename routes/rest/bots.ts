import type { Request, Response, Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { createBot } from "../../services/bots/create-bot.ts";
import { createBotToken } from "../../services/bots/create-token.ts";
import { listBots } from "../../services/bots/list-bots.ts";
import { retireBot } from "../../services/bots/retire-bot.ts";
import { revokeBotToken } from "../../services/bots/revoke-token.ts";
import { operations } from "../../utils/contract/operations/index.ts";
import type { MadeBotDto, NewApiTokenDto } from "../../utils/contract/schemas/bots.ts";
import { mount, withResponse } from "./mount.ts";

function welcomeBot(made: MadeBotDto, _req: Request, res: Response): MadeBotDto {
  res.location(`${operations.createBot.path}/${made.bot.id}`);
  return made;
}

function showToken(token: NewApiTokenDto, req: Request, res: Response): NewApiTokenDto {
  res.location(`${req.path}/${token.id}`);
  return token;
}

/** REST endpoints for bots. */
export const bots = (deps: Deps): Router =>
  mount(deps, {
    listBots,
    createBot: withResponse(createBot, welcomeBot),
    retireBot,
    createBotToken: withResponse(createBotToken, showToken),
    revokeBotToken,
  });
