import { describe, expect, test } from "vitest";
import { endUpdate, updateOf } from "../../src/state/update.ts";
import { createMemoryDisk } from "../memory-disk.ts";

const folder = "/state";
const config = { state: folder };
const updated = { cause: "agent.updated" };

describe("an agent that is being stopped", () => {
  test("is not updated where its version is still the installed one, or none is known", async () => {
    const files = createMemoryDisk();
    expect(await updateOf({ files, config, process: { version: "1", installed: () => "1" } })).toBeUndefined();
    expect(await updateOf({ files, config, process: {} })).toBeUndefined();
  });

  test("is updated where another version is installed by now, in its place or beside it", async () => {
    const files = createMemoryDisk();
    const process = { version: "1", installed: () => "1" };
    expect(await updateOf({ files, config, process: { ...process, installed: () => "2" } })).toEqual(updated);
    expect(await updateOf({ files, config, process, installation: { version: "1", current: () => "2" } })).toEqual(updated);
    expect(await updateOf({ files, config, process, installation: { version: "1", current: () => "1" } })).toBeUndefined();
  });

  test("is updated where an installer left its note, until an agent runs again", async () => {
    const files = createMemoryDisk();
    await files.create(`${folder}/updating`, "");
    expect(await updateOf({ files, config, process: { version: "1" } })).toEqual(updated);
    await endUpdate(files, folder);
    expect(await updateOf({ files, config, process: { version: "1" } })).toBeUndefined();
  });

  test("signs off as ever where its disk cannot be read", async () => {
    const broken = {
      ...createMemoryDisk(),
      read: () => Promise.reject(new Error("EIO")),
      remove: () => Promise.reject(new Error("EROFS")),
    };
    expect(await updateOf({ files: broken, config, process: { version: "1" } })).toBeUndefined();
    await endUpdate(broken, folder);
  });
});
