import { defineConfig } from "vitest/config";

/** Tests that need programs of the machine, which npm does not bring: coturn, Chromium, Python 3, SPIN with gcc. */
export default defineConfig({
  test: {
    include: ["packages/*/test/**/*.machine.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    // Pictures and peer connections run by the machine's clock: where it stalls, the second try decides.
    retry: 1,
  },
});
