import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Configuration of `npm run screenshots`. Not part of `npm test`, because a run takes minutes and its result is reviewed by people.
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    include: ["tests/screenshots/*.shots.ts"],
    maxWorkers: 2,
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
