import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// `npm run screenshots`: no part of `npm test`, since it takes minutes and its result is for people to look at.
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
