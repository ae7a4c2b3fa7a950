import { defineConfig } from "vitest/config";

/** Tests that need more than npm brings: `npm run test:machine`. */
const never = ["**/node_modules/**", "**/*.machine.test.ts"];

const all = ["{packages/*,infra,check,pack,release}/test/**/*.test.ts"];

/** Tests that leave their process as it was. To start one, and to load what is imported, takes longer than most of their files do. */
const pure = [
  "packages/{api,aws,broker,console,core,program,protocol,sdk}/test/**/*.test.ts",
  "packages/local/test/{gateway,measure,story}/**/*.test.ts",
];

/** Those of them with peer connections: their native library may crash its process, and then takes no other file's tests with it. */
const native = [
  "packages/core/test/delivery/undelivered-notice.test.ts",
  "packages/local/test/story/{address-changed,cells,drive,peer-outage}.test.ts",
  "packages/sdk/test/control/real-channels.test.ts",
  "packages/sdk/test/peer/**/*.test.ts",
];

const project = (name: string, test: { include: string[]; exclude: string[]; isolate?: boolean; setupFiles?: string }) => ({
  extends: true as const,
  test: { name, ...test },
});

export default defineConfig({
  test: {
    // Much of the time a test waits for the engine, which is another process.
    maxWorkers: "100%",
    // A guard against hanging alone: no test fails for being slow.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
    projects: [
      project("pure", {
        include: pure,
        exclude: [...never, ...native],
        isolate: false,
        setupFiles: "packages/local/test/world/each-file.ts",
      }),
      project("native", { include: native, exclude: never }),
      project("process", { include: all, exclude: [...never, ...pure] }),
    ],
  },
});
