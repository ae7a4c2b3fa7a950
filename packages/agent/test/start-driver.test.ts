import type { Files } from "@tether/program/files";
import { platform } from "@tether/sdk/platform";
import { describe, expect, onTestFinished, test } from "vitest";
import { startDriver } from "../src/command/start-driver.ts";
import { openDriver } from "../src/driver/open.ts";
import { isTrouble } from "../src/exit.ts";
import { createMemoryDisk } from "./memory-disk.ts";

const disk = () => createMemoryDisk();

/** Starts a simulated robot on that disk, and records the events that it logs. */
async function begun(part: Partial<Files>) {
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
      config: { state: "/state" },
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
