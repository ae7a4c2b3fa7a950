import { AsyncLocalStorage } from "node:async_hooks";
import { nextTurn } from "../../src/clock/real.ts";
import type { Turn } from "../../src/turn.ts";
import type { Turns } from "./turns.ts";

type Waiting = { readonly actor: string; readonly reads: boolean; readonly go: (done: () => void) => void };

/** A point at which one of several actors goes on, and which of them does. */
type Choice = { readonly actors: readonly string[]; taken: number };

/** So many turns of the event loop must pass without a request: all that can happen without an answer has happened then. */
const calmTurns = 12;

/** A read by the SDK's name of its command: it changes nothing for whoever reads as well. */
const read = /^(Query|Get|BatchGet|TransactGet)(Items?)?Command$/;

/**
 * Lets actors race in every order that their requests to store and gateway can have, but for orders that differ in nothing but which of two reads
 * came first. Each request waits until all actors do or are done; then one of those that wait is let through, to its answer. Which one is a
 * choice, and `each` runs the race once for every series of choices. Orders that come to the same are left out by sleep sets (Godefroid, Partial-Order
 * Methods for the Verification of Concurrent Systems, 1996): an actor that was chosen at a point is not chosen again after another's read there, until
 * a request comes that its own does not commute with.
 */
export function createOrders(): Turns & {
  each(race: (run: (actor: string, work: () => Promise<unknown>) => Promise<unknown>) => Promise<void>): Promise<number>;
} {
  const acting = new AsyncLocalStorage<string>();
  const waiting: Waiting[] = [];
  let arrivals = 0;
  let isRunning = false;
  /** The choice at each point where there is one. */
  let choices: Choice[] = [];
  let at = 0;
  let asleep: ReadonlySet<string> = new Set();
  /** All that is left of this order comes to the same as in one before. */
  let isKnown = false;

  const isReading = (actor: string) => waiting.find((one) => one.actor === actor)?.reads;

  /** The actor that goes on, of those that wait and are awake. */
  function choose(actors: readonly string[]): string | undefined {
    const awake = actors.filter((actor) => !asleep.has(actor));
    isKnown ||= awake.length === 0;
    if (isKnown) return actors[0];
    const choice = choices[at] ?? { actors: awake, taken: 0 };
    choices[at] = choice;
    at++;
    asleep = new Set([...asleep, ...choice.actors.slice(0, choice.taken)]);
    return choice.actors[choice.taken];
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
      const chosen = choose([...new Set(waiting.map(({ actor }) => actor))].sort());
      const next = waiting.find(({ actor }) => actor === chosen);
      if (!next) throw new Error(`${chosen} makes no request where it did in the order before.`);
      asleep = new Set([...asleep].filter((actor) => actor !== chosen && next.reads && isReading(actor)));
      waiting.splice(waiting.indexOf(next), 1);
      await new Promise<void>((done) => next.go(done));
      await calm();
    }
    isRunning = false;
  }

  const turn: Turn = (_name, operation = "") => {
    const actor = acting.getStore();
    // A step that only sets up or looks waits for nobody.
    if (actor === undefined) return Promise.resolve(() => {});
    return new Promise((go) => {
      arrivals++;
      waiting.push({ actor, reads: read.test(operation), go });
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
        asleep = new Set();
        isKnown = false;
        await race((actor, work) => acting.run(actor, work));
        choices.length = at;
        while (choices.length > 0) {
          const last = choices.at(-1);
          if (last && last.taken + 1 < last.actors.length) {
            last.taken++;
            break;
          }
          choices.pop();
        }
        if (choices.length === 0) return races;
      }
    },
  };
}
