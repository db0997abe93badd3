import type { Lounge, PrismaClient, Room } from "../../prisma/generated/client.ts";
import { createBatchingCache } from "../../utils/async/batching-cache.ts";

/** An active, visible lounge with its language rooms by language. */
export type ListedLounge = Lounge & { readonly rooms: Room[] };

export type LoungeCache = {
  /** Returns the lounges in the operator's order, at most a second old. All callers share one list: it must not be changed. */
  list(): Promise<readonly ListedLounge[]>;
  /** Finds a lounge by its id. If it is not in the list, the list is reloaded before it counts as missing. */
  find(loungeId: string): Promise<ListedLounge | undefined>;
  /** Makes the next `list` read the database. */
  forget(): void;
};

const FRESH_MS = 1_000;
const ALL = "all";

const byLanguage = ({ languageCode: a }: Room, { languageCode: b }: Room): number => ((a ?? "") < (b ?? "") ? -1 : 1);

/**
 * Creates the cache of lounges. Every open page requests the lounges every few seconds, and they are the same for all callers: what
 * differs per caller, the reason why a lounge is closed, is computed from the shared list.
 */
export function createLoungeCache(db: PrismaClient): LoungeCache {
  const lists = createBatchingCache<readonly ListedLounge[]>({
    freshMs: FRESH_MS,
    async load() {
      const lounges = await db.lounge.findMany({
        where: { isActive: true, NOT: { accessLevel: "private" } },
        orderBy: [{ position: "asc" }, { id: "asc" }],
        include: { rooms: { where: { kind: "language" } } },
      });
      return new Map([[ALL, lounges.map((lounge) => ({ ...lounge, rooms: lounge.rooms.sort(byLanguage) }))]]);
    },
  });
  const list = async (): Promise<readonly ListedLounge[]> => (await lists.get(ALL)) ?? [];
  const inList = async (loungeId: string) => (await list()).find(({ id }) => id === loungeId);
  const forget = (): void => lists.invalidate(ALL);
  return {
    list,
    async find(loungeId) {
      const found = await inList(loungeId);
      if (found !== undefined) return found;
      forget();
      return inList(loungeId);
    },
    forget,
  };
}
