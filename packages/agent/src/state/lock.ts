import type { Clock } from "@tether/sdk/clock";
import type { Files } from "./files.ts";

export type LockEnv = {
  readonly files: Files;
  readonly clock: Clock;
  /** This process, and whether another one of this machine still runs. */
  readonly process: { readonly id: number; alive(id: number): boolean };
};

/** What is done under the lock takes milliseconds. After this long its holder is gone, and its number may be another's by now. */
const staleMs = 10_000;
const againMs = 50;

/** Runs `work` while no other process of this machine does the same. */
export async function locked<Result>(env: LockEnv, path: string, work: () => Promise<Result>): Promise<Result> {
  const { files, clock, process } = env;
  while ((await files.create(path, String(process.id))) === "exists") {
    const found = await files.read(path);
    if (found && isStale(env, found)) await files.remove(path);
    else await new Promise<void>((resolve) => clock.after(againMs, resolve));
  }
  try {
    return await work();
  } finally {
    await files.remove(path);
  }
}

function isStale({ clock, process }: LockEnv, { text, writtenAt }: { text: string; writtenAt: number }): boolean {
  const holder = Number(text);
  // A file that is empty is being written.
  if (text !== "" && (holder === process.id || !process.alive(holder))) return true;
  return Math.abs(clock.now() - writtenAt) > staleMs;
}
