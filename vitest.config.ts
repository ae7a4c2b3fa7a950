import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/test/**/*.test.ts", "infra/test/**/*.test.ts", "check/test/**/*.test.ts"],
    // What needs more than npm brings: `npm run test:machine`.
    exclude: ["**/node_modules/**", "**/*.machine.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
