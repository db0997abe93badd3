import { limits } from "../../utils/contract/limits.ts";
import type { PresenceRegistry } from "../presence/presence-registry.ts";
import type { Candidate } from "../previews/preview-queries.ts";
import type { ListedLounge, LoungeCache } from "./lounge-cache.ts";

/** Of each lounge no more rooms than this are looked at: those with the most people, then those in which the most has happened. */
const ROOMS_PER_LOUNGE = 20;

type Presence = Pick<PresenceRegistry, "onlineCount">;

/** Returns the lounges that the lobby shows a line of, in the operator's order. */
export const openLounges = async (lounges: Pick<LoungeCache, "list">): Promise<readonly ListedLounge[]> =>
  (await lounges.list()).filter(({ accessLevel }) => accessLevel === "open").slice(0, limits.previewLounges);

function candidatesOf(lounge: ListedLounge, presence: Presence): Candidate[] {
  return lounge.rooms
    .filter(({ lastSeq }) => lastSeq > 0)
    .map(({ id, lastSeq }) => ({ loungeId: lounge.id, roomId: id, onlineCount: presence.onlineCount(id), lastSeq: Number(lastSeq) }))
    .sort((a, b) => b.onlineCount - a.onlineCount || b.lastSeq - a.lastSeq)
    .slice(0, ROOMS_PER_LOUNGE);
}

/** Returns the rooms of open lounges that may have the liveliest talk. Rooms in which nobody has ever written are left out. */
export const previewCandidates = async (lounges: Pick<LoungeCache, "list">, presence: Presence): Promise<readonly Candidate[]> =>
  (await openLounges(lounges)).flatMap((lounge) => candidatesOf(lounge, presence));
