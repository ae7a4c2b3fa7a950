import { defineConfig } from "vitest/config";

/** Tests that need programs of the machine, which npm does not bring: coturn, Chromium, Python 3, SPIN with gcc, OpenSSL, curl, QEMU. */
export default defineConfig({
  test: {
    include: ["packages/*/test/**/*.machine.test.ts", "pack/test/**/*.machine.test.ts", "release/test/**/*.machine.test.ts"],
    // A guard against hanging alone: no test fails for being slow.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
    fileParallelism: false,
    // Of the tests that are marked as concurrent, which wait most of their time.
    maxConcurrency: 4,
    // Pictures and peer connections run by the machine's clock: where it stalls, the second try decides.
    retry: 1,
  },
});
