import { defineConfig } from "vitest/config";

const all = ["packages/*/test/**/*.machine.test.ts", "pack/test/**/*.machine.test.ts", "release/test/**/*.machine.test.ts"];

/** Tests that build, install, generate or search, and wait for nothing that the machine's load could make late. */
const programs = [
  "packages/agent/test/install/*.machine.test.ts",
  "packages/guard-c/test/*.machine.test.ts",
  "packages/local/test/api/generated.machine.test.ts",
  "packages/python/test/*.machine.test.ts",
  "packages/sdk/test/control/**/*.machine.test.ts",
  "packages/session-c/test/*.machine.test.ts",
  "pack/test/*.machine.test.ts",
  "release/test/*.machine.test.ts",
];

/** Tests that need programs of the machine, which npm does not bring: coturn, Chromium, Python 3, SPIN with gcc, OpenSSL, curl, QEMU. */
export default defineConfig({
  test: {
    // A guard against hanging alone: no test fails for being slow.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
    // Of the tests that are marked as concurrent, which wait most of their time.
    maxConcurrency: 4,
    // Pictures and peer connections run by the machine's clock: where it stalls, the second try decides.
    retry: 1,
    projects: [
      {
        extends: true,
        test: {
          name: "programs",
          include: programs,
          globalSetup: "pack/trial/set-up.ts",
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      // Pictures and driving have the machine to themselves.
      {
        extends: true,
        test: {
          name: "live",
          include: all,
          exclude: ["**/node_modules/**", ...programs],
          globalSetup: "packages/console/test/flow/set-up.ts",
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
