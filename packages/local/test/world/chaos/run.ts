import { webcrypto } from "node:crypto";
import { limits } from "@tether/protocol/limits";
import { onTestFinished } from "vitest";
import { trackSubtle } from "../../../src/clock/subtle.ts";
import { seededRandom } from "../../../src/fault/random.ts";
import { createWorld } from "../world.ts";
import { act, weather } from "./action.ts";
import { createStage, type Stage } from "./stage.ts";
import { createWitness } from "./witness.ts";

const second = 1_000;
const minute = 60 * second;

export async function runChaos({ seed, robots, forMs }: { seed: number; robots: number; forMs: number }): Promise<Stage> {
  const draw = seededRandom(seed);
  const bytes = (length: number) => Uint8Array.from({ length }, () => Math.floor(draw() * 256));
  const world = await createWorld({ seed: Math.floor(draw() * 2 ** 31), random: { bytes } });
  onTestFinished(trackSubtle(world.quiet, webcrypto.subtle));
  const stage = createStage(world, createWitness(), seededRandom(Math.floor(draw() * 2 ** 31)));
  onTestFinished(() => {
    for (const { machine, clients } of stage.seats) for (const end of [machine, ...clients]) end?.session.close();
  });
  for (let n = 0; n < robots; n++) await stage.addSeat();
  for (const seat of stage.seats) await stage.startMachine(seat);
  world.system.faults.set(weather);
  const endsAt = world.clock.now() + forMs;
  while (world.clock.now() < endsAt) {
    await Promise.all(Array.from({ length: 1 + Math.floor(stage.draw() * 3) }, () => act(stage)));
    await world.clock.advance(Math.floor((5 + stage.draw() * 25) * second));
  }
  world.system.faults.set([]);
  // What was begun comes to its end: graces, looks at quiet sessions, late words.
  await world.clock.advance(limits.session.verifyMs + limits.session.robotGraceMs + 5 * minute);
  return stage;
}
