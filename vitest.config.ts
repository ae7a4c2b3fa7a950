import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "packages/*/test/**/*.test.ts",
      "infra/test/**/*.test.ts",
      "check/test/**/*.test.ts",
      "pack/test/**/*.test.ts",
      "release/test/**/*.test.ts",
    ],
    // Tests that need more than npm brings: `npm run test:machine`.
    exclude: ["**/node_modules/**", "**/*.machine.test.ts"],
    // Much of the time a test waits for the engine, which is another process.
    maxWorkers: "100%",
    // A guard against hanging alone: no test fails for being slow.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
