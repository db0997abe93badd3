import { afterEach } from "vitest";
import { takeFaults } from "./conformance.ts";

// Every test also checks the API documents: an answer, ack or event that they do not describe fails the test that caused it.
afterEach(() => {
  const faults = takeFaults();
  if (faults.length > 0) throw new Error(`not as the documents say:\n${[...new Set(faults)].join("\n")}`);
});
