import { type ChildProcess, spawn } from "node:child_process";
import { createVirtualClock } from "@tether/local/clock/virtual";
import { platform } from "@tether/sdk/platform";
import { expect, test } from "vitest";
import { examineBy, examineMs } from "../../src/doctor/examine/examine.ts";
import type { Order } from "../../src/doctor/examine/order.ts";

const loop: Order = { stack: "libdatachannel", check: "loop", iceServers: [] };

/** A program in the place of the process that examines. */
const running = (source: string) => () => spawn(process.execPath, ["-e", source], { stdio: ["ignore", "ignore", "pipe", "ipc"] });

test("two peer connections of the media process's library hear each other, in a process of their own, and the stack is named", async () => {
  // A machine that is busy may take longer than the check waits.
  await expect
    .poll(() => examineBy(platform)(loop))
    .toEqual({
      result: "good",
      says: "Two peers here hear each other. Tried with libdatachannel, which carries this robot's peer connections.",
    });
});

test("a check that has nothing to look at starts no process", async () => {
  const launch = () => {
    throw new Error("It was started.");
  };
  expect(await examineBy({ ...platform, launch })({ ...loop, check: "turn" })).toMatchObject({ result: "skipped" });
});

test.each([
  ["crashes", running("process.kill(process.pid, 'SIGSEGV')"), "webrtc.crashed", "ended by SIGSEGV"],
  ["ends by an error", running("throw new RangeError('no sockets')"), "webrtc.crashed", "ended by status 1 (RangeError: no sockets)"],
  ["cannot load its library", running("process.send({ unloaded: 'GLIBC_2.34 not found' })"), "webrtc.missing", "GLIBC_2.34 not found"],
  ["cannot be started", () => spawn("/nowhere/node", { stdio: ["ignore", "ignore", "pipe", "ipc"] }), "webrtc.unstarted", "ENOENT"],
  [
    "the system refuses",
    () => {
      throw Object.assign(new Error("spawn ENOMEM"), { code: "ENOMEM" });
    },
    "webrtc.unstarted",
    "ENOMEM",
  ],
])("a process that %s is a finding with its code, its stack and what to do", async (_, launch, code, words) => {
  const finding = await examineBy({ ...platform, launch })(loop);
  expect(finding).toMatchObject({ result: "bad", code, remedy: expect.stringMatching(/\.$/) });
  expect(finding.says).toContain(words);
  expect(finding.says).toMatch(/Tried with libdatachannel, which carries this robot's peer connections\.$/);
});

test("a process that hangs is ended, and is a finding", async () => {
  const clock = createVirtualClock({ startAt: 0, idle: async () => {} });
  const launched = Promise.withResolvers<ChildProcess>();
  const launch = () => {
    const child = running("setInterval(() => {}, 1000)")();
    launched.resolve(child);
    return child;
  };
  const finding = examineBy({ clock, launch })(loop);
  const child = await launched.promise;
  await clock.advance(examineMs);
  expect(await finding).toMatchObject({ result: "bad", code: "webrtc.hung" });
  if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once("exit", resolve));
  expect(child.signalCode).toBe("SIGKILL");
});
