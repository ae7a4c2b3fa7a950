import { defineConfig } from "vitest/config";

/** The tests that `npm run mutate` names; without it, none. */
export default defineConfig({
  root: process.cwd(),
  test: { include: JSON.parse(process.env.MUTATE_TESTS ?? "[]"), testTimeout: 600_000 },
});
