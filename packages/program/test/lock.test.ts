import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "@tether/sdk/clock";
import { platform } from "@tether/sdk/platform";
import { expect, onTestFinished, test } from "vitest";
import { disk } from "../src/disk.ts";
import { locked } from "../src/lock.ts";

const program = join(import.meta.dirname, "lock-process.ts");

function paths() {
  const folder = mkdtempSync(join(tmpdir(), "tether-lock-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { lock: join(folder, "a.lock"), journal: join(folder, "journal") };
}

function start(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Time that goes on as soon as somebody waits for it. */
const hurried: Clock = { now: () => 0, after: (_, run) => platform.clock.after(0, run) };

test("of processes that race for a lock never two are inside, also where some are killed inside", async () => {
  const { lock, journal } = paths();
  writeFileSync(journal, "");
  const children = Array.from({ length: 6 }, () => start("rounds", lock, journal, "40"));
  const ends = children.map((child) => once(child, "exit"));
  // One that is inside is killed after every twentieth line; whoever was to be killed may have finished by then.
  const killed = new Set<number>();
  const entered = () => readFileSync(journal, "utf8").trim().split("\n");
  while (killed.size < 3) {
    const lines = entered();
    const pid = Number(lines.at(-1)?.split(" ")[1]);
    if (lines.length > (killed.size + 1) * 20 && lines.at(-1)?.startsWith("enters") && !killed.has(pid)) {
      process.kill(pid, "SIGKILL");
      killed.add(pid);
    }
    await new Promise(setImmediate);
  }
  await Promise.all(ends);
  const lines = entered();
  lines.forEach((line, at) => {
    const [what, pid] = line.split(" ");
    const [next, nextPid] = lines[at + 1]?.split(" ") ?? [];
    if (what === "enters" && !killed.has(Number(pid))) expect([next, nextPid]).toEqual(["leaves", pid]);
    if (what === "leaves" && next !== undefined) expect(next).toBe("enters");
  });
  expect(lines.filter((line) => line.startsWith("enters")).length).toBeGreaterThanOrEqual(3 * 40);
});

test("a holder whose event loop is blocked keeps its lock, and the kernel gives it back when it is killed", async () => {
  const { lock } = paths();
  const holder = start("block", lock);
  if (!holder.stdout) throw new Error("There is no output to listen to.");
  await once(holder.stdout, "data");
  // However old it looks.
  utimesSync(lock, 0, 0);
  expect(disk.take(lock)).toBeUndefined();
  holder.kill("SIGKILL");
  await once(holder, "exit");
  const giveBack = disk.take(lock);
  expect(giveBack).toBeTypeOf("function");
  giveBack?.();
});

test("an empty file that a crashed writer left is no lock, whatever its age", async () => {
  const { lock } = paths();
  writeFileSync(lock, "");
  expect(await locked({ files: disk, clock: hurried }, lock, async () => "done")).toBe("done");
  expect(statSync(lock).size).toBe(0);
});

test("what two callers of one process do is done one after the other", async () => {
  const { lock } = paths();
  const done: string[] = [];
  const work = (name: string) => async () => {
    done.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    done.push(`${name} ends`);
  };
  const env = { files: disk, clock: hurried };
  await Promise.all([locked(env, lock, work("a")), locked(env, lock, work("b"))]);
  expect(done).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});

test("is given back also when the work fails", async () => {
  const { lock } = paths();
  await expect(locked({ files: disk, clock: hurried }, lock, () => Promise.reject(new Error("full")))).rejects.toThrow("full");
  expect(await locked({ files: disk, clock: hurried }, lock, async () => "done")).toBe("done");
});

test("only its owner may open the file", () => {
  const { lock } = paths();
  disk.take(lock)?.();
  expect(statSync(lock).mode & 0o777).toBe(0o600);
});

test("a file that is something else is named, and not waited for", async () => {
  const { lock } = paths();
  writeFileSync(lock, "999");
  await expect(locked({ files: disk, clock: hurried }, lock, async () => "done")).rejects.toThrow(/a\.lock cannot be locked .*remove it/);
});

test("a holder that never comes to an end is said after two minutes, and nobody is let in", async () => {
  const { lock } = paths();
  const giveBack = disk.take(lock);
  let waitedMs = 0;
  const clock: Clock = {
    now: () => 0,
    after(ms, run) {
      waitedMs += ms;
      return platform.clock.after(0, run);
    },
  };
  expect(await locked({ files: disk, clock }, lock, async () => "let in")).toMatchObject({ exit: "failed", code: "lock.held" });
  expect(waitedMs).toBeGreaterThanOrEqual(120_000);
  giveBack?.();
});
