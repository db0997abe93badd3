import { limits } from "../../utils/contract/limits.ts";

/** What one more person in a room adds to the time that is gathered there, in ms; and how long it may become. */
const MS_OF_PERSON = 1.5;
const LONGEST_MS = 3_000;

/**
 * Whether what was gathered in a room is to be told in this turn; there is one every `gatherMs`. A crowd is told less often than
 * a few: what telling costs then grows neither with the crowd nor with how much comes and goes in it.
 */
export function shouldFlush(roomId: string, people: number, turn: number): boolean {
  const ms = Math.min(LONGEST_MS, people * MS_OF_PERSON);
  const turns = Math.max(1, Math.floor(ms / limits.gatherMs));
  // Crowds take turns, so that not all are told at once.
  const place = Number.parseInt(roomId.slice(-4), 16) || 0;
  return (turn + place) % turns === 0;
}
