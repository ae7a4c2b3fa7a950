import { webcrypto } from "node:crypto";
import { parseControlKeys } from "@tether/core/control";
import type { RobotId } from "@tether/protocol/id";
import { attach, type ClientSession } from "@tether/sdk/client";
import { follow } from "@tether/sdk/peer/follow";
import { type KeyStore, type Keys, makeKeyPair, redeem, rotate, serve, signerFromJwk } from "@tether/sdk/robot";
import { trackSubtle } from "../../src/clock/subtle.ts";
import { seededRandom } from "../../src/fault/random.ts";
import { type KeyHolder, openWorld, type World, type WorldOptions } from "../world/open-world.ts";
import { createTurns } from "../world/turns.ts";
import type { Transcript } from "./entry.ts";
import { controlKeys, createPlaceholders } from "./placeholder.ts";
import { createRecorder } from "./recorder.ts";

export type Story = {
  readonly name: string;
  readonly says: string;
  readonly world?: WorldOptions;
  readonly play: (stage: Stage) => Promise<void>;
};

/** A world in which one thing happens after another, in an order that hangs on nothing, and ends in it whose every word is written down. */
async function createStage(world: World) {
  const recorder = createRecorder(world);
  const leaves: (() => void)[] = [];

  /** A robot that can be driven, and that has one key. */
  async function startRobot(holder: KeyHolder) {
    const session = serve({
      api: world.system.origin,
      robot: holder.id,
      signer: await signerFromJwk(holder.privateKey),
      tracks: ["video"],
      platform: recorder.platformOf("robot"),
    });
    const guard = session.guard({ onCommand() {}, stop() {} });
    leaves.push(
      follow({ session, polite: false, connect: () => recorder.connect("robot"), control: guard, clock: world.clock }),
      session.close,
    );
    await world.idle();
    return { session, guard };
  }

  /** A robot that makes its own key, redeems the code for it, connects, and rotates its key when it is told to. */
  async function enroll(robot: RobotId, code: string) {
    const platform = recorder.platformOf("robot");
    let kept: Keys = { current: await makeKeyPair() };
    const keys: KeyStore = {
      load: async () => kept,
      async save(next) {
        kept = next;
        return "saved";
      },
    };
    await redeem(platform, { api: world.system.origin, code, key: kept.current });
    const session = serve({ api: world.system.origin, robot, keys, platform });
    leaves.push(session.close);
    await world.idle();
    return { rotate: () => rotate({ ...platform, api: world.system.origin, robot, keys, log: () => {} }) };
  }

  /** A client of a user whose tokens live for `lifeMs`. `joins`: it makes a peer connection with the robot. `keeps`: its program gives the first token on. */
  async function startClient(
    holder: KeyHolder,
    { name, as, lifeMs, joins = true, keeps = false }: { name: string; as: string; lifeMs?: number; joins?: boolean; keeps?: boolean },
  ): Promise<ClientSession> {
    const mint = async () => (await world.system.identity.tokensFor(as, lifeMs === undefined ? {} : { lifeMs })).idToken;
    let held: Promise<string> | undefined;
    const session = attach({
      api: world.system.origin,
      robot: holder.id,
      token: ({ fresh }) => {
        if (!held || fresh || !keeps) held = mint();
        return held;
      },
      platform: recorder.platformOf(name),
    });
    leaves.push(session.close);
    if (joins)
      leaves.push(follow({ session, polite: true, connect: () => recorder.connect(name), control: session.control, clock: world.clock }));
    await world.idle();
    return session;
  }

  return {
    ...recorder,
    world,
    startRobot,
    startClient,
    enroll,
    async end(): Promise<void> {
      for (const leave of leaves.toReversed()) leave();
      await world.idle();
    },
  };
}

type Stage = Awaited<ReturnType<typeof createStage>>;

/** Plays a story and answers what was said in it. The same sources give the same text. */
export async function record({ name, says, world: options, play }: Story): Promise<Transcript> {
  const draw = seededRandom(1);
  const world = await openWorld({
    seed: 1,
    random: { bytes: (length) => Uint8Array.from({ length }, () => Math.floor(draw() * 256)) },
    turns: createTurns(() => 0),
    controlKeys: parseControlKeys(controlKeys),
    log: () => {},
    ...options,
  });
  const untrack = trackSubtle(world.quiet, webcrypto.subtle);
  try {
    const stage = await createStage(world);
    await play(stage);
    const { length } = stage.entries;
    await stage.end();
    return { story: `${name}: ${says}`, entries: stage.entries.slice(0, length).map(createPlaceholders(world.system)) };
  } finally {
    untrack();
    await world.system.stop();
  }
}
