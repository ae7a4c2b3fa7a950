import { randomBytes } from "node:crypto";
import { home, move } from "@tether/core/cell";
import { parseControlKeys } from "@tether/core/control";
import type { RobotId } from "@tether/protocol/id";
import { onTestFinished } from "vitest";
import { realClock } from "../../src/clock/real.ts";
import { type System, startSystem } from "../../src/system.ts";
import { createWorld } from "./world.ts";

const secret = () => randomBytes(32).toString("base64url");
const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };

/** A deployment of two cells, `home` and `b`, on one virtual clock: two systems, each with its own gateway, table and keys of tickets. */
export async function createCells() {
  const [keys, controlKeys] = [[randomBytes(32).toString("base64url")], parseControlKeys(`run:${secret()}`)];
  const origins = new Map<string, string>();
  const world = await createWorld({ cells: { origins, keys }, controlKeys });
  const { clock, quiet, system } = world;
  const other = await startSystem({
    port: 0,
    clock,
    realClock,
    quiet,
    random,
    log: (line) => void world.lines.push(line),
    seed: 2,
    ring: [{ id: "b", secret: random.bytes(32) }],
    controlKeys,
    home: { origin: system.origin, identity: system.identity, keys },
  });
  onTestFinished(() => other.stop());
  origins.set("b", other.origin);
  const systems: ReadonlyMap<string, System> = new Map([
    [home, system],
    ["b", other],
  ]);
  const cells = new Map([...systems].map(([name, { env }]) => [name, env]));
  let runs = 0;
  return {
    world,
    other,
    keys,
    cells,
    /** As the command moves it, in a run of its own. */
    move(robotId: RobotId, to: string) {
      runs += 1;
      // Counted as under way, so that time does not pass it by.
      return quiet.track("move", move({ cells, run: `run ${runs}` }, robotId, to));
    },
  };
}
