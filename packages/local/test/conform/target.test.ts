import { expect, onTestFinished, test } from "vitest";
import { createTarget } from "../../src/conform/target.ts";

const place = { api: "http://127.0.0.1:1", code: "CODE", folder: "/nowhere" };

function start(command: string) {
  const target = createTarget(command, place);
  target.start();
  onTestFinished(() => target.kill());
  return target;
}

test.each([
  ["echo {code} >&2; exit 3", "exit status 3"],
  ["kill -KILL $$", "SIGKILL"],
])("a program on trial that ends by itself is told apart from one that runs: %s", async (command, how) => {
  const target = start(command);
  await expect.poll(target.ended, { timeout: 20_000 }).toBe(how);
  expect(target.isRunning()).toBe(false);
});

test("a program that was killed by its judge has not ended by itself", async () => {
  const target = start("exec sleep 1000");
  expect([target.ended(), target.isRunning()]).toEqual([undefined, true]);
  await target.kill();
  expect([target.ended(), target.isRunning()]).toEqual([undefined, false]);
});
