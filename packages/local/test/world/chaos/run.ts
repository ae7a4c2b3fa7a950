import { webcrypto } from "node:crypto";
import { limits } from "@tether/protocol/limits";
import { onTestFinished } from "vitest";
import { trackSubtle } from "../../../src/clock/subtle.ts";
import { seededRandom } from "../../../src/fault/random.ts";
import { createTurns } from "../turns.ts";
import { createWorld } from "../world.ts";
import { act, actions } from "./act.ts";
import { createStage, type Stage } from "./stage.ts";
import { weather } from "./weather.ts";
import { createWitness } from "./witness.ts";

const second = 1_000;
const minute = 60 * second;

/** So often at least everything is to happen: not each time does it come to what it is meant for. */
const seldom = 3;

type Size = { readonly seed: number; readonly robots: number; readonly forMs: number };

/** Lets everything that can happen happen, at random, under all faults at once; then lets the world come to rest. */
export async function runChaos({ seed, robots, forMs }: Size): Promise<Stage> {
  const draw = seededRandom(seed);
  const another = () => seededRandom(Math.floor(draw() * 2 ** 31));
  const ids = another();
  const bytes = (length: number) => Uint8Array.from({ length }, () => Math.floor(ids() * 256));
  const world = await createWorld({
    seed: Math.floor(draw() * 2 ** 31),
    random: { bytes },
    turns: createTurns(another()),
    namespace: "tether/chaos",
  });
  onTestFinished(trackSubtle(world.quiet, webcrypto.subtle));
  const stage = createStage(world, createWitness(), another());
  onTestFinished(() => {
    for (const { machine, clients } of stage.seats) for (const end of [machine, ...clients]) end?.session.close();
  });
  for (let n = 0; n < robots; n++) await stage.addRobot();
  for (const manned of stage.seats) await stage.startMachine(manned);
  world.system.faults.set(weather);
  const endsAt = world.clock.now() + forMs;
  while (world.clock.now() < endsAt) {
    // Actions that have seldom happened come first, once there are enough ends for them.
    const missing = stage.pick(Object.keys(actions).filter((name) => (stage.witness.done[name] ?? 0) < seldom));
    const some = Array.from({ length: Math.floor(stage.draw() * 3) }, () => act(stage));
    await Promise.all([act(stage, stage.draw() < 0.3 ? missing : undefined), ...some]);
    await world.clock.advance(Math.floor((2 + stage.draw() * 11) * second));
  }
  world.system.faults.set([]);
  // Everything that was begun comes to its end: graces, looks at quiet sessions, late words, and the life of one that does not hand over.
  await act(stage, "a client does not hand over");
  await world.clock.advance(limits.gateway.connectionLifeMs + 5 * minute);
  return stage;
}
