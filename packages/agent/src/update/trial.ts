import { exits } from "../exit.ts";

/** The time, in ms, in which a new version must come online, and that it has to end before it is killed. */
export const trialMs = { online: 60_000, end: 10_000, look: 500 } as const;

type TrialEnv = {
  readonly clock: { after(ms: number, run: () => void): () => void };
  /** Starts the new version. `ended` resolves with its exit code. */
  readonly start: () => { readonly ended: Promise<number>; signal(name: "SIGTERM" | "SIGKILL"): void };
  /** Whether the new version has been online here. */
  readonly isProved: () => Promise<boolean>;
  /** Aborted when the robot is asked to end. */
  readonly stopped: AbortSignal;
};

/** Exits that say nothing about the version: it was asked to end, another process runs the robot, or the next version takes over. */
const neutral: ReadonlySet<number> = new Set([exits.running.code, exits.updating.code]);

/**
 * Runs a version that has not been online on this robot. Resolves with its exit code if it proved itself or the robot was asked to end,
 * and with `failed` once it is gone because it did not come online in time or ended by itself.
 */
export async function tryVersion({ clock, start, isProved, stopped }: TrialEnv): Promise<number | "failed"> {
  const program = start();
  let isOver = false;
  let progress: "pending" | "proved" | "late" = "pending";
  const cancels = new Set<() => void>();
  const after = (ms: number, run: () => void) => {
    const cancel = clock.after(ms, () => {
      cancels.delete(cancel);
      if (!isOver) run();
    });
    cancels.add(cancel);
  };

  function end(): void {
    program.signal("SIGTERM");
    after(trialMs.end, () => program.signal("SIGKILL"));
  }

  async function look(): Promise<void> {
    if (await isProved()) progress = "proved";
    else if (!isOver && progress === "pending") after(trialMs.look, () => void look());
  }

  stopped.addEventListener("abort", end, { once: true });
  after(trialMs.online, () => {
    if (progress !== "pending" || stopped.aborted) return;
    progress = "late";
    end();
  });
  void look();
  const code = await program.ended;
  isOver = true;
  for (const cancel of cancels) cancel();
  stopped.removeEventListener("abort", end);
  // The version may have come online just before it ended.
  if (stopped.aborted || neutral.has(code) || (await isProved())) return code;
  return "failed";
}
