import type { ProcessGroup, signalGroup } from "./process-group.ts";

/** The time that the agent's own processes have to end once it is gone, in ms: an orderly end of them takes less. */
export const orphanMs = 2_500;
/** How often they are looked at, in ms. */
const lookMs = 100;

type Env = {
  readonly clock: { now(): number; after(ms: number, run: () => void): () => void };
  readonly signal: typeof signalGroup;
};

/** The process groups of the agent that must not outlive it. One that was stopped or hangs does not notice that the agent is gone. */
export function createOrphans({ clock, signal }: Env) {
  let groups: readonly ProcessGroup[] = [];
  return {
    began(group: ProcessGroup): void {
      groups = [...groups, group];
    },
    ended({ id }: Pick<ProcessGroup, "id">): void {
      groups = groups.filter((group) => group.id !== id);
    },
    /** The agent is gone. Calls `over` once none of them is left. */
    end(over: () => void): void {
      const until = clock.now() + orphanMs;
      const look = () => {
        const left = groups.filter((group) => signal(group, 0));
        if (left.length > 0 && clock.now() < until) return void clock.after(lookMs, look);
        for (const group of left) signal(group, "SIGKILL");
        over();
      };
      look();
    },
  };
}
