import type { World } from "../world.ts";

export type LockEnv = Pick<World, "disk" | "clock" | "process">;

/** What is done under the lock asks the issuer, which takes seconds. After this long its holder is gone, and its number may be another's. */
const staleMs = 120_000;
const againMs = 50;

/** Runs `work` while no other process of this machine does the same. */
export async function locked<Result>(env: LockEnv, path: string, work: () => Promise<Result>): Promise<Result> {
  const { disk, clock, process } = env;
  while ((await disk.create(path, `${process.id} ${clock.now()}`)) === "exists") {
    const found = await disk.read(path);
    if (found && isStale(env, found)) await disk.remove(path);
    else await new Promise<void>((resolve) => clock.after(againMs, resolve));
  }
  try {
    return await work();
  } finally {
    await disk.remove(path);
  }
}

function isStale({ clock, process }: LockEnv, { text }: { text: string }): boolean {
  const [holder, since] = text.split(" ").map(Number);
  // One that is empty is being written.
  if (holder === undefined || since === undefined) return false;
  return !process.alive(holder) || Math.abs(clock.now() - since) > staleMs;
}
