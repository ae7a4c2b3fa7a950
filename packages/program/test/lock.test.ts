import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "@tether/sdk/clock";
import { platform } from "@tether/sdk/platform";
import { expect, onTestFinished, test } from "vitest";
import { disk } from "../src/disk.ts";
import { locked } from "../src/lock.ts";
import { ways } from "./way.ts";

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

test("of processes that race for a lock, in either way, never two are inside, also where some are killed inside", async () => {
  const { lock, journal } = paths();
  writeFileSync(journal, "");
  const children = Array.from({ length: 6 }, (_, at) => start("rounds", ways[at % 2 === 0 ? 0 : 1].name, lock, journal, "40"));
  const ends = children.map((child) => once(child, "exit"));
  // A process that holds the lock is killed after every twentieth line; it may have finished by then.
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

const pairs = ways.flatMap((holder) => ways.map((taker) => ({ holder: holder.name, taker: taker.name, take: taker.take })));

test.each(pairs)(
  "a holder ($holder) whose event loop is blocked keeps its lock from another ($taker), and the kernel gives it back when it is killed",
  async ({ holder: way, take }) => {
    const { lock } = paths();
    const holder = start("block", way, lock);
    if (!holder.stdout) throw new Error("There is no output to listen to.");
    await once(holder.stdout, "data");
    // However old it looks.
    utimesSync(lock, 0, 0);
    expect(take(lock)).toBeUndefined();
    holder.kill("SIGKILL");
    await once(holder, "exit");
    const giveBack = take(lock);
    expect(giveBack).toBeTypeOf("function");
    giveBack?.();
  },
);

test("a process takes its locks by SQLite where its Node has that, and else by their descriptor", () => {
  const { lock } = paths();
  const script = join(import.meta.dirname, "../src/kernel-lock.ts");
  const taken = (...flags: string[]) => {
    const code = `import { takeKernelLock } from ${JSON.stringify(script)}; console.log(takeKernelLock.name, takeKernelLock(process.argv[1]) !== undefined)`;
    return spawnSync(process.execPath, [...flags, "--input-type=module", "-e", code, lock], { encoding: "utf8" }).stdout;
  };
  expect(taken()).toBe("lockBySqlite true\n");
  expect(taken("--no-experimental-sqlite")).toBe("lockByDescriptor true\n");
});

test("an empty file that a crashed writer left is no lock, whatever its age", async () => {
  const { lock } = paths();
  writeFileSync(lock, "");
  expect(await locked({ files: disk, clock: hurried }, lock, async () => "done")).toBe("done");
  expect(statSync(lock).size).toBe(0);
});

test.each(ways)("what two callers of one process do is done one after the other ($name)", async ({ take }) => {
  const { lock } = paths();
  const done: string[] = [];
  const work = (name: string) => async () => {
    done.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    done.push(`${name} ends`);
  };
  const env = { files: { take }, clock: hurried };
  await Promise.all([locked(env, lock, work("a")), locked(env, lock, work("b"))]);
  expect(done).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});

test("is given back also when the work fails", async () => {
  const { lock } = paths();
  await expect(locked({ files: disk, clock: hurried }, lock, () => Promise.reject(new Error("full")))).rejects.toThrow("full");
  expect(await locked({ files: disk, clock: hurried }, lock, async () => "done")).toBe("done");
});

test.each(ways)("only its owner may open the file ($name)", ({ take }) => {
  const { lock } = paths();
  take(lock)?.();
  expect(statSync(lock).mode & 0o777).toBe(0o600);
});

test.each(ways)("a file that is something else is named, and not waited for ($name)", async ({ take }) => {
  const { lock } = paths();
  writeFileSync(lock, "999");
  await expect(locked({ files: { take }, clock: hurried }, lock, async () => "done")).rejects.toThrow(
    /a\.lock cannot be locked .*remove it/,
  );
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
