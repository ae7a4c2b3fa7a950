import type { Files } from "@tether/program/files";
import { describe, expect, test } from "vitest";
import { beginRun } from "../../src/state/run-mark.ts";
import { createMemoryDisk } from "../memory-disk.ts";

const begin = (files: Files, boot: string | undefined = "one", wasOnline = true) =>
  beginRun(files, "/state", { boot, version: "1" }, wasOnline);

async function write(files: Files, path: string, text: string): Promise<void> {
  await files.remove(path);
  await files.create(path, text);
}

describe("a run that begins", () => {
  test("knows of nothing where there was none before, or it signed off", async () => {
    const files = createMemoryDisk();
    const first = await begin(files);
    expect(first.before).toBeUndefined();
    await first.end(undefined);
    expect((await begin(files, "two")).before).toBeUndefined();
  });

  test("tells an agent that was killed from a machine that was started anew", async () => {
    const files = createMemoryDisk();
    await begin(files);
    expect((await begin(files)).before).toEqual({ cause: "agent.killed" });
    expect((await begin(files, "two")).before).toEqual({ cause: "power.lost" });
    expect((await beginRun(files, "/state", {})).before).toEqual({ cause: "agent.killed" });
  });

  test("says of a run that ended while it was offline that it was", async () => {
    const files = createMemoryDisk();
    await begin(files);
    expect((await begin(files, "two", false)).before).toEqual({ cause: "power.lost", offline: true });
  });

  test("tells an update from a start of the same version, and from an update of a run that was killed", async () => {
    const files = createMemoryDisk();
    const start = (version: string) => beginRun(files, "/state", { boot: "one", version });
    await (await start("1")).end(undefined);
    const second = await start("1");
    expect(second.before).toBeUndefined();
    await second.end(undefined);
    expect((await start("2")).before).toEqual({ cause: "agent.updated" });
    expect((await start("3")).before).toEqual({ cause: "agent.killed" });
  });

  test("reads what the one before could still write, whatever was started anew since", async () => {
    const files = createMemoryDisk();
    const { path, textFor } = await begin(files);
    await write(files, path, textFor({ cause: "agent.crashed" }));
    expect((await begin(files, "two")).before).toEqual({ cause: "agent.crashed" });
  });

  test("reads what nobody was told of, once", async () => {
    const files = createMemoryDisk();
    const first = await begin(files);
    await first.end({ cause: "driver.ended", status: 127 });
    const second = await begin(files);
    expect(second.before).toEqual({ cause: "driver.ended", status: 127 });
    await second.end(undefined);
    expect((await begin(files)).before).toBeUndefined();
  });

  test("takes a file that is none for none, and goes on where nothing can be written", async () => {
    const files = createMemoryDisk();
    const { path } = await begin(files);
    await write(files, path, "{");
    expect((await begin(files)).before).toBeUndefined();
    const broken = { ...files, create: () => Promise.reject(new Error("full")) };
    expect((await begin(broken)).before).toBeDefined();
  });
});

test("a driver that ended soon three times in a row is in a loop, and one that had run for long is not", async () => {
  const files = createMemoryDisk();
  const ended = async (soon: boolean) => {
    const run = await begin(files);
    const account = run.driverEnded({ cause: "driver.ended", status: 3 }, soon);
    await run.end(undefined);
    return [account.cause, account.times];
  };
  expect([await ended(true), await ended(true), await ended(true), await ended(true)]).toEqual([
    ["driver.ended", undefined],
    ["driver.ended", undefined],
    ["driver.looping", 3],
    ["driver.looping", 4],
  ]);
  expect([await ended(false), await ended(true), await ended(true)]).toEqual([
    ["driver.ended", undefined],
    ["driver.ended", undefined],
    ["driver.looping", 3],
  ]);
});

test("a run that ended otherwise ends the row of a driver's ends", async () => {
  const files = createMemoryDisk();
  for (const way of ["driver", "driver", "asked", "driver", "driver"]) {
    const run = await begin(files);
    if (way === "driver") expect(run.driverEnded({ cause: "driver.ended", status: 3 }, true).cause).toBe("driver.ended");
    await run.end(undefined);
  }
});
