import { type Request, type Response, Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { endpoint } from "../../middleware/endpoint.ts";
import { createBot } from "../../services/bots/create-bot.ts";
import { createBotToken } from "../../services/bots/create-token.ts";
import { listBots } from "../../services/bots/list-bots.ts";
import { retireBot } from "../../services/bots/retire-bot.ts";
import { revokeBotToken } from "../../services/bots/revoke-token.ts";
import { operations } from "../../utils/contract/operations/index.ts";
import type { MadeBotDto, NewApiTokenDto } from "../../utils/contract/schemas/bots.ts";

function welcomeBot(made: MadeBotDto, _req: Request, res: Response): MadeBotDto {
  res.location(`${operations.createBot.path}/${made.bot.id}`);
  return made;
}

function showToken(token: NewApiTokenDto, req: Request, res: Response): NewApiTokenDto {
  res.location(`${req.path}/${token.id}`);
  return token;
}

/** REST endpoints for bots. */
export function bots(deps: Deps): Router {
  const router = Router();
  const { listBots: list, createBot: create, retireBot: retire, createBotToken: createToken, revokeBotToken: revoke } = operations;
  router.get(list.path, endpoint(deps, list, { run: listBots }));
  router.post(create.path, endpoint(deps, create, { run: createBot, send: welcomeBot }));
  router.delete(retire.path, endpoint(deps, retire, { run: retireBot }));
  router.post(createToken.path, endpoint(deps, createToken, { run: createBotToken, send: showToken }));
  router.delete(revoke.path, endpoint(deps, revoke, { run: revokeBotToken }));
  return router;
}
