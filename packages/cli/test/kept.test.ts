import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { disk } from "@tether/program/disk";
import { platform } from "@tether/sdk/platform";
import { expect, test } from "vitest";
import { exits } from "../src/exit.ts";
import { createRig, terminal } from "./rig.ts";

test("a sign-in that others can read is not used; signing out makes an end of it", async () => {
  const { signIn, tether, file } = await createRig();
  await signIn();
  chmodSync(file, 0o640);
  const unsafe = await tether(["robot", "list"]);
  expect(unsafe).toMatchObject({ code: exits.unsafe.code, err: expect.stringContaining("(mode 0640)") });
  expect((await tether(["sign-out"])).code).toBe(0);
  expect((await tether(["robot", "list"])).code).toBe(exits.unsigned.code);
});

test("a sign-in of another user is not used", async () => {
  const { signIn, tether } = await createRig();
  await signIn();
  const other = { ...disk, user: (disk.user ?? 0) + 1 };
  expect(await tether(["robot", "list"], { files: other })).toMatchObject({ code: exits.unsafe.code });
});

test.each(["", "{", "hunter2", JSON.stringify({ version: 2, idToken: "hunter2" })])(
  "what is no sign-in is not quoted: %j",
  async (text) => {
    const { tether, file, printed } = terminal();
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: 0o600 });
    expect(await tether(["robot", "list"])).toMatchObject({ code: exits.unsafe.code, err: expect.stringContaining("Sign in again") });
    expect(printed()).not.toContain("hunter2");
  },
);

test("signing in again replaces what is kept, damaged or not, and leaves nothing beside it", async () => {
  const { signIn, file, kept, json } = await createRig();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "{", { mode: 0o644 });
  writeFileSync(`${file}.new`, "what a crash left");
  expect((await signIn()).code).toBe(0);
  expect((await signIn("operator@tether.local", [])).code).toBe(0);
  expect(kept().user.name).toBe("Oscar Operator");
  expect(readdirSync(dirname(file))).toEqual(["sign-in.json", "sign-in.lock"]);
  await json("robot", "list");
});

test("a lock that another process never gives back is waited for two minutes, and then said with what to do", async () => {
  const { clock } = platform;
  const hurried = { now: clock.now, after: (_: number, run: () => void) => clock.after(0, run) };
  const { tether } = terminal({ files: { ...disk, take: () => undefined }, clock: hurried });
  const { code, err } = await tether(["sign-out"]);
  expect([code, err]).toEqual([
    exits.failed.code,
    expect.stringMatching(/has held .*sign-in\.lock for 2 minutes\.\n {2}Find it with: fuser/),
  ]);
});

test("a disk that cannot be written is said with the file, and the exit code of another try", async () => {
  const { tether } = terminal({
    files: {
      ...disk,
      take: () => {
        throw new Error("EROFS: read-only file system, open 'sign-in.lock'");
      },
    },
  });
  expect(await tether(["sign-out"])).toMatchObject({ code: exits.failed.code, err: expect.stringContaining("read-only file system") });
});
