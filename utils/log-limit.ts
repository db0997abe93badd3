import winston from "winston";
import { databaseErrorOf } from "./database-errors.ts";

/** How long further entries of the same kind are only counted after one was logged. */
const WINDOW_MS = 60_000;

/** The maximum number of kinds, far more than the server has. */
const MAX_KINDS = 500;

type Kind = { startedAt: number; repeated: number };

/** Returns the kind of an entry: entries with the same text and the same `limitBy`, or the same database error, are of one kind. */
function kindOf({ message, limitBy, error }: winston.Logform.TransformableInfo): string | null {
  if (typeof limitBy === "string") return `${String(message)} ${limitBy}`;
  const fault = databaseErrorOf(error);
  return fault === null ? null : `${String(message)} ${fault.kind} ${fault.kind === "unreachable" ? "" : fault.code}`;
}

function lower(info: winston.Logform.TransformableInfo): void {
  info.level = "debug";
  info[Symbol.for("level")] = "debug";
}

/**
 * Keeps an outage from flooding the log: of the warnings and errors that report the same kind of database error, or that have the same
 * `limitBy`, one per minute keeps its level. It carries the number of those before it, as `repeated`, which were lowered to the debug
 * level.
 * @param now returns a time in ms
 */
export const limitRepeats = winston.format((info, options) => {
  const { kinds, now } = options as { kinds: Map<string, Kind>; now: () => number };
  if (info.level !== "warn" && info.level !== "error") return info;
  const name = kindOf(info);
  delete info.limitBy;
  if (name === null) return info;
  const kind = kinds.get(name);
  if (kind !== undefined && now() - kind.startedAt < WINDOW_MS) {
    kind.repeated += 1;
    lower(info);
    return info;
  }
  if (kinds.size >= MAX_KINDS) kinds.clear();
  kinds.set(name, { startedAt: now(), repeated: 0 });
  if (kind !== undefined && kind.repeated > 0) info.repeated = kind.repeated;
  return info;
});

/** Creates the state of one logger for `limitRepeats`. */
export const repeatLimits = (now: () => number = () => performance.now()): { kinds: Map<string, Kind>; now: () => number } => ({
  kinds: new Map(),
  now,
});
