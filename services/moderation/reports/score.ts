import type { HouseRule } from "../../../utils/contract/schemas/moderation/actions.ts";

/** The weight of a report by its reason. Child safety comes before everything else. */
const weights: Readonly<Record<HouseRule, number>> = {
  underage: 1_000_000,
  scam: 25,
  harassment: 20,
  inappropriate: 20,
  impersonation: 15,
  spam: 10,
  other: 10,
};

/** How many of a reporter's earlier reports were upheld, of those that were decided. */
export type TrackRecord = { readonly upheld: number; readonly decided: number };

/** The bounds of the factor by which a track record multiplies the weight of a report. */
const factorBounds = { min: 0.25, max: 2 } as const;

/**
 * Returns the factor of a reporter's track record: 1 without a record, up to 2 if all reports were upheld, down to 0.25 if none was. One
 * upheld and one rejected report are assumed in addition, so that few reports change little.
 */
export function factorOf({ upheld, decided }: TrackRecord): number {
  const share = (upheld + 1) / (decided + 2);
  return Math.min(factorBounds.max, Math.max(factorBounds.min, 2 * share));
}

/** Returns what a report adds to the score of its case. */
export const weightOf = (reason: HouseRule, record: TrackRecord): number => Math.max(1, Math.round(weights[reason] * factorOf(record)));

/** The highest score of a case; the column is a 32-bit integer. */
export const MAX_SCORE = 1_000_000_000;

/** A reported message with this score is hidden until the case is decided. */
export const HIDE_SCORE = 60;

/** A message is hidden only if a trusted user reported it, or this many users. */
export const HIDE_REPORTERS = 3;

/** This many trusted users who report spam mute a guest or newcomer for this long, in ms. */
export const spamMute = { reporters: 3, durationMs: 3_600_000 } as const;
