import type { Account } from "@tether/protocol/account";
import type { Random } from "../../../src/fault/random.ts";
import { createKeyHolder, type KeyHolder, owner, type World } from "../world.ts";
import { type ClientEnd, type RobotEnd, startClient, startRobot } from "./end.ts";
import type { Witness } from "./witness.ts";

const minute = 60_000;

/** A robot with whoever is at it. */
export type Manned = {
  readonly number: number;
  robot: KeyHolder;
  machine: RobotEnd | undefined;
  clients: ClientEnd[];
  isDeleted: boolean;
};

/** Where a run happens. All that is drawn at random is drawn from one seed. */
export type Stage = ReturnType<typeof createStage>;

export function createStage(world: World, witness: Witness, draw: Random) {
  const seats: Manned[] = [];
  let ends = 0;
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(draw() * items.length)];
  const env = { world, witness };

  async function addRobot(): Promise<void> {
    const robot = await world.createRobot();
    seats.push({ number: seats.length, robot, machine: undefined, clients: [], isDeleted: false });
  }

  /** A machine with the robot's key. One that runs already is a second one, of which one wins. */
  async function startMachine(manned: Manned, before?: Account): Promise<void> {
    ends += 1;
    manned.machine = await startRobot(env, manned.robot, { name: `robot ${manned.number} by end ${ends}`, seed: ends, before });
  }

  function startTab(manned: Manned, as: string, tab: ClientEnd["tab"] = { session: undefined }): void {
    ends += 1;
    const lifeMs = (pick([6, 12, 30, 60, 240, 240]) ?? 60) * minute;
    const name = `client of ${manned.number} by end ${ends}`;
    manned.clients.push(startClient(env, manned.robot, { name, seed: ends, as, tab, lifeMs, once: draw() < 0.2 }));
  }

  /** A call that whoever made it makes again until it is answered for good. */
  function insist(method: string, path: string, asked: { as: string; body?: object }, then: () => void | Promise<void> = () => {}): void {
    const again = () => void world.clock.after(5_000, () => insist(method, path, asked, then));
    void world.call(method, path, asked).then(({ status }) => {
      if (status < 300) void then();
      else if (status >= 500 || status === 429) again();
    }, again);
  }

  /** Running clients, with their seats. */
  const clients = () => seats.flatMap((manned) => manned.clients.filter((end) => !end.isOver()).map((end) => ({ manned, end })));

  return {
    world,
    witness,
    draw,
    pick,
    seats,
    /** A number that no other thing of the run has. */
    serial() {
      ends += 1;
      return ends;
    },
    addRobot,
    startMachine,
    startTab,
    insist,
    /** Seats whose robot is there to be used. */
    open: () => seats.filter(({ isDeleted }) => !isDeleted),
    /** Seats with a running machine. */
    manned: () => seats.filter(({ isDeleted, machine }) => !isDeleted && machine && !machine.isOver()),
    clients,
    /** The clients that have control, as far as they know. */
    drivers: () => clients().filter(({ end: { session } }) => session.control.control?.holder?.session === session.id),
    /** Another key for a robot, registered by its owner, with which its next machine runs. */
    rekey(manned: Manned): void {
      const next = createKeyHolder(manned.robot.id, world.system.origin, world.clock, {
        bytes: (n) => Uint8Array.from({ length: n }, () => Math.floor(draw() * 256)),
      });
      insist("POST", `/v1/robots/${next.id}/credentials`, { as: owner, body: { publicKey: next.publicKey } }, () => {
        manned.robot = next;
        return startMachine(manned);
      });
    },
    /** Connections that stand at the gateway. */
    connections: () => world.system.gateway.connections.list().map(({ connectionId }) => connectionId),
  };
}
