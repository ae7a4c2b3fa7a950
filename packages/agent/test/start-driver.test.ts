import { createVirtualClock } from "@tether/local/clock/virtual";
import type { Files } from "@tether/program/files";
import { platform } from "@tether/sdk/platform";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { startDriver } from "../src/command/start-driver.ts";
import type { Driver } from "../src/driver/driver.ts";
import { openDriver } from "../src/driver/open.ts";
import { isTrouble } from "../src/exit.ts";
import { describeDriver, readDriverStatus } from "../src/state/driver-status.ts";
import { createMemoryDisk } from "./memory-disk.ts";

const disk = () => createMemoryDisk();

const still: Driver = { start: async () => {}, command() {}, stop: async () => {}, telemetry: () => () => {}, close: async () => {} };

/** Starts a simulated robot on that disk, and records the events that it logs. */
async function begun(part: Partial<Files>, config: { readonly microphone?: { readonly source: string } } = {}) {
  const said: Record<string, unknown>[] = [];
  let opened = 0;
  const driven = await startDriver(
    {
      platform,
      say: { progress() {}, event: (_, facts) => said.push({ ...facts }), result() {}, trouble() {} },
      stopped: new AbortController().signal,
      openDriver(named, env) {
        opened += 1;
        return openDriver(named, env);
      },
      files: { ...disk(), ...part },
      config: { state: "/state", ...config },
    },
    "simulated",
    { path: "/state/running.json", textFor: () => "" },
  );
  if (driven !== "done" && "close" in driven) onTestFinished(() => driven.close());
  return { driven, said, opened };
}

describe("a robot that begins", () => {
  test("says nothing of a folder that keeps what is written", async () => {
    const { driven, said } = await begun({});
    expect([driven === "done" || isTrouble(driven), said]).toEqual([false, []]);
  });

  test("tells of its sound after its pictures, and says that those of the driver are not shown beside it [W1.2, V5]", async () => {
    const { driven, said } = await begun({}, { microphone: { source: "test" } });
    expect([driven !== "done" && "tracks" in driven && driven.tracks, said]).toEqual([["audio"], [{ event: "picture.unshown" }]]);
  });

  test("says that it is stopped where its folder cannot be written [R18]", async () => {
    const { driven, said } = await begun({ create: () => Promise.reject(new Error("EROFS")) });
    expect(driven !== "done" && "handleSession" in driven).toBe(true);
    expect(said).toEqual([{ event: "state.unwritable" }]);
  });

  test("does not begin, nor opens its driver, where its folder forgets [R18]", async () => {
    const { driven, opened } = await begun({ create: async () => "created", flush: async () => {}, rename: async () => {} });
    expect(driven).toMatchObject({ exit: "unsafe", code: "state.forgets" });
    expect(opened).toBe(0);
  });
});

test("a driver that is not ready after 10 s is reported, in the log and for `status`, and waited for", async () => {
  const steady = createVirtualClock({ startAt: 0, idle: async () => {} });
  const [files, said, stop] = [createMemoryDisk(), [] as object[], new AbortController()];
  const starting = Promise.withResolvers<void>();
  const ready = Promise.withResolvers<void>();
  const driver: Driver = {
    ...still,
    start() {
      starting.resolve();
      return ready.promise;
    },
  };
  const outcome = startDriver(
    {
      platform: { ...platform, steady },
      say: { progress() {}, event: (_, facts) => void said.push(facts), result() {}, trouble() {} },
      stopped: stop.signal,
      openDriver: () => driver,
      files,
      config: { state: "/state" },
    },
    "slow",
    { path: "/state/running.json", textFor: () => "" },
  );
  const status = async () => describeDriver((await readDriverStatus(files, "/state")) ?? { state: "closed" });
  await starting.promise;
  await steady.advance(9_999);
  expect([said, await status()]).toEqual([[], "starting"]);
  await steady.advance(1);
  expect([said, await status()]).toEqual([[{ event: "driver.hung", during: "start" }], "hung in start"]);
  ready.resolve();
  const driven = await outcome;
  expect(driven !== "done" && "handleSession" in driven).toBe(true);
  if (driven !== "done" && "close" in driven) await driven.close();
  stop.abort();
});

test("a driver that makes no frames needs no stack that encodes them, which some machines cannot load", async () => {
  vi.doMock("../src/peer/webrtc.ts", () => {
    throw new Error("GLIBC_2.34 not found");
  });
  onTestFinished(() => vi.doUnmock("../src/peer/webrtc.ts"));
  const start = (driver: Driver) =>
    startDriver(
      {
        platform,
        say: { progress() {}, event() {}, result() {}, trouble() {} },
        stopped: new AbortController().signal,
        openDriver: () => driver,
        files: disk(),
        config: { state: "/state" },
      },
      "its own",
      { path: "/state/running.json", textFor: () => "" },
    );
  await expect(start({ ...still, video: () => () => {} })).rejects.toThrow();
  const driven = await start(still);
  if (driven === "done" || !("handleSession" in driven)) return expect.fail();
  expect(driven.tracks).toEqual([]);
  await driven.close();
});
