import type { Clock } from "@tether/sdk/clock";
import type { Files } from "./files.ts";
import type { Trouble } from "./trouble.ts";

export type LockEnv = { readonly files: Pick<Files, "take">; readonly clock: Clock };

const againMs = 50;

/** The longest work under a lock is a few requests of at most 30 s each. A holder that takes longer has hung. */
const patienceMs = 120_000;

/** Runs `work` while no other process of this machine does the same. Answers trouble where another one does not come to an end. */
export async function locked<Result>(
  { files, clock }: LockEnv,
  path: string,
  work: () => Promise<Result>,
): Promise<Result | Trouble<"failed">> {
  for (let waitedMs = 0; waitedMs <= patienceMs; waitedMs += againMs) {
    const giveBack = files.take(path);
    if (giveBack) {
      try {
        return await work();
      } finally {
        giveBack();
      }
    }
    await new Promise<void>((resolve) => clock.after(againMs, resolve));
  }
  return {
    exit: "failed",
    code: "lock.held",
    says: `Another process has held ${path} for ${patienceMs / 60_000} minutes.`,
    remedy: `Find it with: fuser '${path}'. Once it has ended, repeat the command.`,
  };
}
