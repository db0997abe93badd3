import type { BotDto, CreateBotInput, MadeBotDto, NewApiTokenDto } from "../../../../../utils/contract/schemas/bots.ts";
import { ask } from "../../../api.ts";
import { everyPage } from "../../../shared/state/pages.ts";
import { withStepUp } from "../../session/step-up.ts";

const bots = "/api/admin/bots";
const post = { method: "POST", bearer: true } as const;
const remove = { method: "DELETE", bearer: true } as const;

/** Returns every bot, newest first. */
export const listBots = (): Promise<BotDto[]> => everyPage((query) => ask("listBots", `${bots}?${query}`, { bearer: true }));

/** Returns undefined if the admin cancelled the step-up; so do all functions below. */
export const createBot = (body: CreateBotInput): Promise<MadeBotDto | undefined> =>
  withStepUp(() => ask("createBot", bots, { ...post, body }));

export const retireBot = (botId: string) => withStepUp(() => ask("retireBot", `${bots}/${botId}`, remove));

export const createToken = (botId: string, body: { name: string; expiresInDays?: number }): Promise<NewApiTokenDto | undefined> =>
  withStepUp(() => ask("createBotToken", `${bots}/${botId}/tokens`, { ...post, body }));

export const revokeToken = (botId: string, tokenId: string) =>
  withStepUp(() => ask("revokeBotToken", `${bots}/${botId}/tokens/${tokenId}`, remove));
