import { AsyncLocalStorage } from "node:async_hooks";
import { nextTurn } from "../../src/clock/real.ts";
import type { Turn } from "../../src/turn.ts";
import type { Turns } from "./turns.ts";

type Waiting = { readonly actor: string; readonly go: (done: () => void) => void };

/** So many turns of the event loop must pass without a request: all that can happen without an answer has happened then. */
const calmTurns = 12;

/**
 * Lets actors race in every order that their requests to store and gateway can have. Each request waits until all actors do or are
 * done; then one of those that wait is let through, to its answer. Which one is a choice, and `each` runs the race once for every
 * series of choices.
 */
export function createOrders(): Turns & {
  each(race: (run: (actor: string, work: () => Promise<unknown>) => Promise<unknown>) => Promise<void>): Promise<number>;
} {
  const acting = new AsyncLocalStorage<string>();
  const waiting: Waiting[] = [];
  let arrivals = 0;
  let isRunning = false;
  /** The choice at each point where there is one, and of how many. */
  let choices: { readonly taken: number; readonly of: number }[] = [];
  let at = 0;

  function choose(of: number): number {
    const { taken } = choices[at] ?? { taken: 0 };
    choices[at] = { taken, of };
    at++;
    return taken;
  }

  async function calm(): Promise<void> {
    for (let turns = 0; turns < calmTurns; turns++) {
      const before = arrivals;
      await nextTurn();
      if (arrivals !== before) turns = -1;
    }
  }

  async function run(): Promise<void> {
    isRunning = true;
    await calm();
    while (waiting.length > 0) {
      // Requests of one actor stay in their order, so that the choice is between actors.
      const actors = [...new Set(waiting.map(({ actor }) => actor))].sort();
      const actor = actors.length > 1 ? actors[choose(actors.length)] : actors[0];
      const [next] = waiting.splice(
        waiting.findIndex((one) => one.actor === actor),
        1,
      );
      await new Promise<void>((done) => next?.go(done));
      await calm();
    }
    isRunning = false;
  }

  const turn: Turn = (_name) => {
    const actor = acting.getStore();
    // A step that only sets up or looks waits for nobody.
    if (actor === undefined) return Promise.resolve(() => {});
    return new Promise((go) => {
      arrivals++;
      waiting.push({ actor, go });
      if (!isRunning) void run();
    });
  };

  return {
    turn,
    watch() {},
    async each(race) {
      choices = [];
      for (let races = 1; ; races++) {
        at = 0;
        await race((actor, work) => acting.run(actor, work));
        choices.length = at;
        while (choices.length > 0) {
          const last = choices.pop();
          if (last && last.taken + 1 < last.of) {
            choices.push({ taken: last.taken + 1, of: last.of });
            break;
          }
        }
        if (choices.length === 0) return races;
      }
    },
  };
}
