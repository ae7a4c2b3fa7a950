import { createVirtualClock } from "@tether/local/clock/virtual";
import { platform } from "@tether/sdk/platform";
import { expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import type { Order } from "../../src/doctor/examine/order.ts";
import { serviceChecks } from "../../src/doctor/service.ts";
import { makesFrames, openDriver } from "../../src/driver/open.ts";
import { isTrouble } from "../../src/exit.ts";
import type { Stack } from "../../src/peer/stack.ts";
import { createMemoryDisk } from "../memory-disk.ts";
import { reachable } from "../reachable.ts";

const say = { progress() {}, event() {}, result() {}, trouble() {} };
const clock = createVirtualClock({ startAt: 0, idle: async () => {} });

const robots: readonly (readonly [Parameters<typeof readConfig>[1], Stack])[] = [
  [{}, "libdatachannel"],
  [{ driver: "./wheels" }, "libdatachannel"],
  [{ driver: "simulated" }, "libwebrtc"],
  [{ driver: "module:./wheels.mjs" }, "libwebrtc"],
  [{ driver: "simulated", cameras: [{ name: "front", source: "test" }] }, "libdatachannel"],
  [{ driver: "simulated", microphone: { source: "test" } }, "libdatachannel"],
];

test.each(robots)("peer connections of a robot with %j are examined with the stack that run would use: %s", async (settings, stack) => {
  const files = createMemoryDisk();
  const config = await readConfig({ files, variables: {}, home: "/home" }, settings);
  if (isTrouble(config)) return expect.fail(config.says);
  const asked: Order[] = [];
  const examine = async (order: Order) => {
    asked.push(order);
    return { result: "good", says: "" } as const;
  };
  const env = { config, platform, files, reach: reachable, examine, openDriver, say };
  const loop = serviceChecks.find(({ id }) => id === "loop");
  await loop?.run(env, { api: undefined, enrollment: undefined, isRunning: false });
  expect(asked).toEqual([{ stack, check: "loop", iceServers: [] }]);
});

test.each(["simulated", "module:./wheels.mjs", "./wheels"])("whether a driver can make frames is known by its name alone: %s", (named) => {
  expect(makesFrames(named)).toBe(openDriver(named, { clock, say }).video !== undefined);
});
