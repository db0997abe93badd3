import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Configuration of `npm run test:raid`. Not part of `npm test`, because a run takes a minute and its result is a set of figures.
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    globalSetup: [fileURLToPath(new URL("../support/database/postgres.ts", import.meta.url))],
    include: ["tests/raid/*.raid.ts"],
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
});
