import type { DecideFate } from "@tether/local/engine/fate";
import { expect, test } from "vitest";
import { createKey, keysIn, type TestKey } from "../../../local/test/world/key.ts";
import { createWorld, type World } from "../../../local/test/world/world.ts";

/** The process dies at its nth request to the store: just before the store heard of it, or just after the store did it. */
function dieAt(nth: number, fault: "cut" | "lose"): { hook: DecideFate; reached(): boolean } {
  let seen = 0;
  return {
    hook: () => {
      seen++;
      // The client's own retries belong to the dead process too.
      return seen < nth ? "pass" : seen === nth ? fault : "cut";
    },
    reached: () => seen >= nth,
  };
}

/** More requests than any of these operations makes. */
const most = 12;

/** Lets each step be the last one, until the operation is over before it gets there. Answers how many steps there were. */
async function eachStep(world: World, work: (crashing: <T>(operation: () => Promise<T>) => Promise<T>, step: string) => Promise<void>) {
  const steps: number[] = [];
  for (const fault of ["cut", "lose"] as const) {
    let nth = 1;
    for (; nth <= most; nth++) {
      const death = dieAt(nth, fault);
      const crashing = async <T>(operation: () => Promise<T>) => {
        world.system.requests.before(death.hook);
        try {
          return await operation();
        } finally {
          world.system.requests.before(undefined);
        }
      };
      await work(crashing, `${fault} at ${nth}`);
      if (!death.reached()) break;
    }
    steps.push(nth - 1);
  }
  return steps;
}

test("a crash at any step of enrolling leaves a robot that gets in by asking again with the same key [N5, N6]", async () => {
  const world = await createWorld();
  const { createRobot, codeFor, redeem, ticket, list } = keysIn(world);
  const steps = await eachStep(world, async (crashing, step) => {
    const robot = await createRobot();
    const { code } = await codeFor(robot);
    const key = createKey(world);
    await crashing(() => redeem(code, key));
    const again = await redeem(code, key);
    expect([step, again.status, again.body.robot?.id]).toEqual([step, 201, robot]);
    expect([step, (await ticket(robot, key)).status]).toEqual([step, 201]);
    expect([step, (await list(robot)).length]).toEqual([step, 1]);
  });
  for (const count of steps) expect(count).toBeGreaterThanOrEqual(3);
});

/** The robot announces its next key and buys the first ticket with it; it may die with either answer on its way. */
async function rotating(
  world: World,
  retireNow: boolean,
  getIn: (tryKey: (key: TestKey) => Promise<boolean>, keys: { old: TestKey; next: TestKey }) => Promise<boolean>,
) {
  const { enrolled, rotate, ticket } = keysIn(world);
  return eachStep(world, async (crashing, step) => {
    const { robot, key: old } = await enrolled();
    const next = createKey(world);
    await crashing(async () => {
      await rotate(robot, old, next, { retireNow });
      await ticket(robot, next);
    });
    const tryKey = async (key: TestKey) => (await ticket(robot, key)).status === 201;
    expect([step, await getIn(tryKey, { old, next })]).toEqual([step, true]);
    // And it can go on from there: the rotation is asked for again, or is over.
    const again = await rotate(robot, old, next, { retireNow });
    expect([step, again.status === 201 || again.body.code === "assertion.key"]).toEqual([step, true]);
    expect([step, await tryKey(next)]).toEqual([step, true]);
  });
}

test.each([
  ["with an overlap", false],
  ["without an overlap", true],
])(
  "a crash at any step of rotating %s leaves a robot that gets in with one of its two keys, the newer one tried first [N6]",
  async (_, retireNow) => {
    const world = await createWorld();
    const steps = await rotating(world, retireNow, async (tryKey, { old, next }) => (await tryKey(next)) || (await tryKey(old)));
    for (const count of steps) expect(count).toBeGreaterThanOrEqual(4);
  },
);

test.each([
  ["with an overlap", false],
  ["without an overlap", true],
])(
  "a crash at any step of rotating %s leaves a robot that gets in with one of its two keys, the older one tried first [N6]",
  async (_, retireNow) => {
    const world = await createWorld();
    const steps = await rotating(world, retireNow, async (tryKey, { old, next }) => (await tryKey(old)) || (await tryKey(next)));
    for (const count of steps) expect(count).toBeGreaterThanOrEqual(4);
  },
);
