import { Writable } from "node:stream";
import { expect, it } from "vitest";
import winston from "winston";
import { limitRepeats, repeatLimits } from "../../utils/log-limit.ts";

type Entry = { readonly level: string; readonly message: string; readonly repeated?: number; readonly limitBy?: string };

/** A log at the info level whose clock stands still until it is moved. */
function logOf() {
  const clock = { now: 0 };
  const entries: Entry[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      entries.push(JSON.parse(chunk.toString()) as Entry);
      done();
    },
  });
  const logger = winston.createLogger({
    format: winston.format.combine(limitRepeats(repeatLimits(() => clock.now)), winston.format.json()),
    transports: [new winston.transports.Stream({ stream })],
  });
  return { logger, clock, entries };
}

const refused = (): Error => Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

it("ten thousand errors of a database that is away: one entry per minute and message, with the number of those before it", () => {
  const { logger, clock, entries } = logOf();
  for (let call = 0; call < 10_000; call++) logger.warn("a beat was missed", { error: refused() });
  logger.warn("a commit failed", { error: refused() });
  expect(entries.map(({ message, repeated }) => [message, repeated])).toEqual([
    ["a beat was missed", undefined],
    ["a commit failed", undefined],
  ]);
  clock.now = 60_000;
  logger.warn("a beat was missed", { error: refused() });
  expect(entries.at(-1)).toMatchObject({ message: "a beat was missed", repeated: 9_999 });
});

it("entries that name by what they are limited: one per minute for each, and the name is not logged", () => {
  const { logger, entries } = logOf();
  for (let call = 0; call < 10; call++) for (const limitBy of ["a", "b"]) logger.warn("unavailable", { limitBy, requestId: call });
  expect(entries).toHaveLength(2);
  expect(entries.every((entry) => !("limitBy" in entry))).toBe(true);
});

it("other errors, and entries below a warning: all are logged", () => {
  const { logger, entries } = logOf();
  for (let call = 0; call < 5; call++) {
    logger.error("a call failed", { error: new TypeError("a bug") });
    logger.info("a call", { error: refused() });
  }
  expect(entries).toHaveLength(10);
});

it("what is counted only still shows at the debug level", () => {
  const { logger, entries } = logOf();
  logger.level = "debug";
  for (let call = 0; call < 3; call++) logger.error("a beat was missed", { error: refused() });
  expect(entries.map(({ level }) => level)).toEqual(["error", "debug", "debug"]);
});
