import { Writable } from "node:stream";
import { expect, it } from "vitest";
import winston from "winston";
import { limitRepeats, repeatLimits } from "../../utils/log-limit.ts";

type Entry = { readonly level: string; readonly message: string; readonly repeated?: number; readonly limitBy?: string };

/** Creates a logger at the info level whose clock stands still until it is moved. */
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

const connectionError = (): Error => Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

it("limiting log entries: ten thousand errors of an unavailable database produce one entry per minute and message, with the number of suppressed ones", () => {
  const { logger, clock, entries } = logOf();
  for (let call = 0; call < 10_000; call++) logger.warn("background loop failed", { error: connectionError() });
  logger.warn("could not commit messages", { error: connectionError() });
  expect(entries.map(({ message, repeated }) => [message, repeated])).toEqual([
    ["background loop failed", undefined],
    ["could not commit messages", undefined],
  ]);
  clock.now = 60_000;
  logger.warn("background loop failed", { error: connectionError() });
  expect(entries.at(-1)).toMatchObject({ message: "background loop failed", repeated: 9_999 });
});

it("limiting log entries by a name: one per minute for each name, which is not logged", () => {
  const { logger, entries } = logOf();
  for (let call = 0; call < 10; call++) for (const limitBy of ["a", "b"]) logger.warn("unavailable", { limitBy, requestId: call });
  expect(entries).toHaveLength(2);
  expect(entries.every((entry) => !("limitBy" in entry))).toBe(true);
});

it("limiting log entries: logs all other errors, and all entries below a warning", () => {
  const { logger, entries } = logOf();
  for (let call = 0; call < 5; call++) {
    logger.error("request failed", { error: new TypeError("a bug") });
    logger.info("a call", { error: connectionError() });
  }
  expect(entries).toHaveLength(10);
});

it("limiting log entries: suppressed entries are still logged at the debug level", () => {
  const { logger, entries } = logOf();
  logger.level = "debug";
  for (let call = 0; call < 3; call++) logger.error("background loop failed", { error: connectionError() });
  expect(entries.map(({ level }) => level)).toEqual(["error", "debug", "debug"]);
});
