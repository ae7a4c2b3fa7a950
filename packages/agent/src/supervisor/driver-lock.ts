/** How soon the lock is tried again, in ms. */
const againMs = 50;

/**
 * How long one waits for the driver of the run before, in ms: longer than its supervisor takes to end it with the longest stages there are.
 * One that is held longer cannot be ended, and a robot that nobody reaches costs a person's way there.
 */
export const lockWaitMs = 150_000;

type Env = {
  readonly clock: { now(): number; after(ms: number, run: () => void): () => void };
  /** Takes the lock; undefined while another process holds it. */
  readonly take: (path: string) => (() => void) | undefined;
  readonly isAgentGone: () => boolean;
  /** Called once when the lock is held by another. */
  readonly waits: () => void;
};

/**
 * Takes the lock of the folder's driver: a supervisor may still be ending the driver of an agent that was killed when the next agent starts,
 * and two drivers must not move one robot. Resolves with the release. The robot does without the lock on a disk that has none.
 */
export async function takeDriverLock({ clock, take, isAgentGone, waits }: Env, path: string): Promise<(() => void) | "agent.gone"> {
  const until = clock.now() + lockWaitMs;
  for (let isFirst = true; ; isFirst = false) {
    try {
      const release = take(path);
      if (release || clock.now() >= until) return release ?? (() => {});
    } catch {
      return () => {};
    }
    if (isFirst) waits();
    await new Promise<void>((resolve) => clock.after(againMs, resolve));
    if (isAgentGone()) return "agent.gone";
  }
}
