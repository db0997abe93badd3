import { limits } from "../../utils/contract/limits.ts";
import type { PresenceRegistry } from "../presence/presence-registry.ts";
import type { Candidate } from "../previews/preview-queries.ts";
import type { ListedLounge, LoungeCache } from "./lounge-cache.ts";

/** The maximum number of candidates per lounge: the rooms with the most people, then those with the most activity. */
const ROOMS_PER_LOUNGE = 20;

type Presence = Pick<PresenceRegistry, "onlineCount">;

/** Returns the lounges with a preview in the lobby, in the operator's order. */
export const openLounges = async (lounges: Pick<LoungeCache, "list">): Promise<readonly ListedLounge[]> =>
  (await lounges.list()).filter(({ accessLevel }) => accessLevel === "open").slice(0, limits.previewLounges);

function candidatesOf(lounge: ListedLounge, presence: Presence): Candidate[] {
  return lounge.rooms
    .filter(({ lastSeq }) => lastSeq > 0)
    .map(({ id, lastSeq }) => ({ loungeId: lounge.id, roomId: id, onlineCount: presence.onlineCount(id), lastSeq: Number(lastSeq) }))
    .sort((a, b) => b.onlineCount - a.onlineCount || b.lastSeq - a.lastSeq)
    .slice(0, ROOMS_PER_LOUNGE);
}

/** Returns the rooms of open lounges that are candidates for the preview. Rooms without any message are omitted. */
export const previewCandidates = async (lounges: Pick<LoungeCache, "list">, presence: Presence): Promise<readonly Candidate[]> =>
  (await openLounges(lounges)).flatMap((lounge) => candidatesOf(lounge, presence));
