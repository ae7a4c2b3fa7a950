import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { disk } from "@tether/program/disk";
import { RobotId } from "@tether/protocol/id";
import { makeKeyPair } from "@tether/sdk/robot";
import { describe, expect, onTestFinished, test } from "vitest";
import { isTrouble } from "../../src/exit.ts";
import type { KeyFile } from "../../src/state/key-file.ts";
import { keysIn, openStore } from "../../src/state/store.ts";
import { createMemoryDisk } from "../memory-disk.ts";

const clock = { now: () => 5, after: () => () => {} };

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "tether-store-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return join(path, "deep/state");
}

async function enrolled(): Promise<KeyFile & { enrolled: object }> {
  const robot = { id: RobotId.parse("rob_01J00000000000000000000000"), name: "Rover" };
  const key = { jwk: await makeKeyPair(), madeAt: 1 };
  return { version: 1, enrolled: { api: "https://api.example", robot, codeHash: "h".repeat(43), key } };
}

async function onDisk(env: Partial<Parameters<typeof openStore>[0]> = {}) {
  const place = folder();
  const store = openStore({ files: disk, clock, ...env }, place);
  const file = await enrolled();
  await store.update(() => file);
  return { store, file, place };
}

describe("the key file on the real disk", () => {
  test("comes back as it was, readable by its owner only, in a folder nobody else may enter", async () => {
    const { store, file, place } = await onDisk();
    expect(await store.read()).toEqual(file);
    expect(statSync(store.path).mode & 0o777).toBe(0o600);
    expect(statSync(place).mode & 0o777).toBe(0o700);
    expect(readdirSync(place)).toEqual(["key.lock", "robot.json"]);
  });

  test.each(["604", "640", "601", "660"])("is refused with mode %s, with the command that mends it", async (mode) => {
    const { store } = await onDisk();
    chmodSync(store.path, Number.parseInt(mode, 8));
    expect(await store.read()).toMatchObject({
      exit: "unsafe",
      code: "key.mode",
      remedy: expect.stringContaining(`chmod 600 '${store.path}'`),
    });
    expect(isTrouble(await store.update(() => ({ version: 1 })))).toBe(true);
    await expect(keysIn(store, clock).load()).rejects.toThrow("Others can read");
  });

  test.each(["777", "773", "702"])("is refused in a folder with mode %s, with the command that mends it", async (mode) => {
    const { store, place } = await onDisk();
    chmodSync(place, Number.parseInt(mode, 8));
    expect(await store.read()).toMatchObject({
      exit: "unsafe",
      code: "state.mode",
      remedy: expect.stringContaining(`chmod 700 '${place}'`),
    });
    expect(isTrouble(await store.update(() => ({ version: 1 })))).toBe(true);
    chmodSync(place, 0o775);
    expect(isTrouble(await store.read())).toBe(false);
  });

  test("is refused when it is another user's, with the command that mends it", async () => {
    const user = (disk.user ?? 0) + 1;
    const { place } = await onDisk();
    const store = openStore({ files: { ...disk, user }, clock }, place);
    expect(await store.read()).toMatchObject({ exit: "unsafe", code: "key.owner", remedy: expect.stringContaining(`chown ${user}`) });
  });
});

describe("a key file that is damaged", () => {
  test.each(["", "{", "[]", `{"version":2}`, `{"version":1,"enrolled":{}}`])("is refused without being quoted: %s", async (text) => {
    const files = createMemoryDisk();
    await files.create("/state/robot.json", text);
    expect(await openStore({ files, clock }, "/state").read()).toMatchObject({ exit: "unsafe", code: "key.damaged" });
  });
});

describe("keys", () => {
  async function kept() {
    const files = createMemoryDisk();
    const store = openStore({ files, clock }, "/state");
    const file = await enrolled();
    await store.update(() => file);
    return { store, keys: keysIn(store, clock), next: await makeKeyPair("p-256") };
  }

  test("are replaced only in the place of what is kept", async () => {
    const { keys, next } = await kept();
    const first = await keys.load();
    expect(await keys.save({ ...first, next }, first)).toBe("saved");
    expect(await keys.save({ ...first, next: await makeKeyPair() }, first)).toBe("moved");
    expect(await keys.load()).toEqual({ ...first, next });
    expect(await keys.save({ current: next }, { ...first, next })).toBe("saved");
    expect(await keys.load()).toEqual({ current: next });
  });

  test("keep the day on which they were made", async () => {
    const { store, keys, next } = await kept();
    const first = await keys.load();
    await keys.save({ ...first, next }, first);
    await keys.save({ current: next }, { ...first, next });
    expect(await store.read()).toMatchObject({ enrolled: { key: { madeAt: 5 } } });
  });
});
