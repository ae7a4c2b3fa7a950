import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { processGroupOf, signalGroup } from "../../src/supervisor/process-group.ts";
import { isRunning } from "../agent-process.ts";

/** A shell that ends when its input does, and leaves a program of its group behind. */
async function shell() {
  const child = spawn("sleep 1000 >/dev/null & echo $!; read _", { shell: true, detached: true, stdio: ["pipe", "pipe", "ignore"] });
  const group = processGroupOf(child.pid ?? 0);
  onTestFinished(() => void signalGroup({ id: group.id }, "SIGKILL"));
  const [line] = await once(child.stdout, "data");
  return { child, group, left: Number(String(line)) };
}

test("a group is there as long as one of its processes is, though its leader ended", async () => {
  const { child, group, left } = await shell();
  expect(signalGroup(group, 0)).toBe(true);
  child.stdin.end();
  await once(child, "exit");
  expect(signalGroup(group, "SIGKILL")).toBe(true);
  await expect.poll(() => isRunning(left)).toBe(false);
});

test("a group whose leader began at another time is another one, and is left alone", async () => {
  const { child, group } = await shell();
  expect(signalGroup({ ...group, startedAt: "1" }, "SIGKILL")).toBe(false);
  expect(signalGroup(group, 0)).toBe(true);
  signalGroup(group, "SIGKILL");
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
});
