import { useEffect, useState } from "preact/hooks";
import type { ActionDto, ActionKind } from "../../../../utils/contract/schemas/moderation/actions.ts";
import { ask } from "../../api.ts";
import { lounges } from "../lobby/lounges.ts";
import { currentUser } from "../session/session.ts";

const loungeOf = (roomId: string): string | undefined => lounges.peek()?.find(({ rooms }) => rooms.some(({ id }) => id === roomId))?.id;

/** Whether an action applies in a room: there, in its lounge, or on the whole site. */
export const appliesIn = ({ scope }: ActionDto, roomId: string): boolean =>
  scope.kind === "site" || scope.id === (scope.kind === "room" ? roomId : loungeOf(roomId));

const endOf = ({ expiresAt }: ActionDto): number => (expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt));

/** Returns the matching action that lasts longest. */
const longest = (actions: readonly ActionDto[]): ActionDto | null =>
  actions.reduce<ActionDto | null>((found, one) => (found === null || endOf(one) > endOf(found) ? one : found), null);

/** Returns the user's active actions; none on failure. */
async function loadActive(): Promise<ActionDto[]> {
  const path = `/api/moderation/actions?userId=${currentUser.peek()?.id ?? ""}&active=true&limit=100`;
  const page = await ask("listActions", path, { bearer: true }).catch(() => null);
  return page?.items ?? [];
}

/**
 * Loads the active action of some kinds that restricts the user in a room, and lasts longest. `key` says when to load it again.
 * @returns the action; null if there is none; undefined until it is known
 */
export function useOwnRestriction(roomId: string, kinds: readonly ActionKind[], key: unknown): ActionDto | null | undefined {
  const [action, setAction] = useState<ActionDto | null | undefined>(undefined);
  useEffect(() => {
    let isCurrent = true;
    void loadActive().then((all) => {
      if (isCurrent) setAction(longest(all.filter((one) => kinds.includes(one.kind) && appliesIn(one, roomId))));
    });
    return () => {
      isCurrent = false;
    };
  }, [roomId, key]);
  return action;
}

/** The longest delay of a browser's timer, in ms. */
const MAX_DELAY_MS = 2_147_483_647;

/** Calls a function once a restriction has ended. */
export function useAtEnd(until: string | null, run: () => void): void {
  useEffect(() => {
    if (until === null) return;
    // A second later, because the clocks of the server and of this device differ.
    const delay = Date.parse(until) - Date.now() + 1_000;
    if (delay > MAX_DELAY_MS) return;
    const timer = setTimeout(run, Math.max(0, delay));
    return () => clearTimeout(timer);
  }, [until]);
}
