import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const shared = {
  root: here(".."),
  globalSetup: [here("support/database/postgres.ts")],
  setupFiles: [here("support/conformance/conformance-setup.ts")],
  // A forgotten `.only` must not reduce the tests that run.
  allowOnly: false,
  // These only end tests that hang; a busy machine must not make a test fail.
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 15_000 } },
};

export default defineConfig({
  root: here(".."),
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: "main",
          // Nothing keeps state outside of what a test makes for itself, so that the modules need to be loaded only once a worker.
          isolate: false,
          include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"],
          exclude: ["tests/e2e/**"],
        },
      },
      {
        test: {
          ...shared,
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
        },
      },
    ],
  },
});
