import type { BotDto, CreateBotInput, MadeBotDto, NewApiTokenDto } from "../../../utils/contract/bots.ts";
import { ask } from "../api.ts";
import { withProof } from "./step-up.ts";

const bots = "/api/admin/bots";
const post = { method: "POST", bearer: true } as const;
const remove = { method: "DELETE", bearer: true } as const;

/** Every bot there is, the newest first. */
export async function listBots(): Promise<BotDto[]> {
  const items: BotDto[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? "" : `?cursor=${cursor}`;
    const page: { items: BotDto[]; nextCursor: string | null } = await ask("listBots", `${bots}${query}`, { bearer: true });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

/** Undefined when the admin turned away from proving themselves; so with all below. */
export const createBot = (body: CreateBotInput): Promise<MadeBotDto | undefined> =>
  withProof(() => ask("createBot", bots, { ...post, body }));

export const retireBot = (botId: string) => withProof(() => ask("retireBot", `${bots}/${botId}`, remove));

export const createToken = (botId: string, body: { name: string; expiresInDays?: number }): Promise<NewApiTokenDto | undefined> =>
  withProof(() => ask("createBotToken", `${bots}/${botId}/tokens`, { ...post, body }));

export const revokeToken = (botId: string, tokenId: string) =>
  withProof(() => ask("revokeBotToken", `${bots}/${botId}/tokens/${tokenId}`, remove));
