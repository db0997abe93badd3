import { expect, it } from "vitest";
import { createInflowMeter } from "../../../routes/socket/transport/inflow.ts";
import { inflow, inflowOfAddress } from "../../../utils/contract/limits.ts";

it("measuring the inflow of a connection: exceeds its limit within a second, and resets in the next", () => {
  let at = 0;
  const connection = createInflowMeter(1, () => at).open("192.0.2.1");
  expect(connection.exceeds("bytes", inflow.bytes)).toBe(false);
  expect(connection.exceeds("controlFrames", inflow.controlFrames)).toBe(false);
  expect(connection.exceeds("bytes", 1)).toBe(true);
  at = 1_000;
  expect(connection.exceeds("bytes", inflow.bytes)).toBe(false);
});

it("measuring the inflow of an address: connections that share its limit evenly exceed it, one that sends little does not", () => {
  const meter = createInflowMeter(1, () => 0);
  const quiet = meter.open("192.0.2.1");
  const count = 2 * Math.ceil(inflowOfAddress.bytes / inflow.bytes);
  const busy = Array.from({ length: count }, () => meter.open("192.0.2.1"));
  const exceeding = busy.filter((connection) => connection.exceeds("bytes", inflow.bytes));
  expect(exceeding).toHaveLength(count / 2);
  expect(quiet.exceeds("bytes", 1_000)).toBe(false);
  expect(meter.open("192.0.2.2").exceeds("bytes", inflow.bytes)).toBe(false);
});
