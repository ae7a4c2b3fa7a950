import type { Quiet } from "../../src/clock/quiet.ts";
import { nextTurn } from "../../src/clock/real.ts";
import type { Random } from "../../src/fault/random.ts";
import type { Turn } from "../../src/turn.ts";

export type Turns = { readonly turn: Turn; watch(quiet: Quiet): void };

type Waiting = { readonly name: string; readonly go: (done: () => void) => void };

/** So many turns of the event loop must pass without any change: all that can happen without an answer has happened then. */
const calmTurns = 12;

/** Work on other threads or in the kernel lets turns pass without a change. */
const elsewhere = /^(subtle|connect)/;

/**
 * Gives turns one at a time, of those that wait to one at random, whatever the order in which they came. So every order is possible, and
 * one seed gives one order, however fast the machine is.
 */
export function createTurns(draw: Random): Turns {
  const waiting: Waiting[] = [];
  let arrivals = 0;
  let isRunning = false;
  let quiet: Quiet | undefined;

  const changes = () => arrivals + (quiet?.changes() ?? 0);

  async function calm(): Promise<void> {
    for (let turns = 0; turns < calmTurns; turns++) {
      const before = changes();
      await nextTurn();
      const isBusy = turns === calmTurns - 1 && quiet?.open().some((label) => elsewhere.test(label));
      if (changes() !== before || isBusy) turns = -1;
    }
  }

  async function run(): Promise<void> {
    isRunning = true;
    await calm();
    while (waiting.length > 0) {
      waiting.sort((a, b) => (a.name < b.name ? -1 : 1));
      const [next] = waiting.splice(Math.floor(draw() * waiting.length), 1);
      await new Promise<void>((done) => next?.go(done));
      await calm();
    }
    isRunning = false;
  }

  return {
    turn: (name) =>
      new Promise((go) => {
        arrivals++;
        waiting.push({ name, go });
        if (!isRunning) void run();
      }),
    watch(watched) {
      quiet = watched;
    },
  };
}
