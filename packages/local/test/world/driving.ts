import { webcrypto } from "node:crypto";
import type { StopReason } from "@tether/protocol/control";
import type { FromBroker } from "@tether/protocol/frame";
import type { ClientSessionId } from "@tether/protocol/id";
import { attach, type ClientSession, type DriveEvents } from "@tether/sdk/client";
import type { Channels } from "@tether/sdk/control/channel";
import { serve, signerFromJwk } from "@tether/sdk/robot";
import { onTestFinished } from "vitest";
import { trackSubtle } from "../../src/clock/subtle.ts";
import { createNetwork } from "./network.ts";
import { createPeers } from "./peers.ts";
import { join } from "./pipe.ts";
import { createTrace } from "./trace.ts";
import { createWorld, type KeyHolder, type World } from "./world.ts";

/** The robot's deeds, in their order, by its clock. */
type Deed =
  | { readonly did: "command"; readonly command: unknown; readonly epoch: number; readonly at: number }
  | { readonly did: "stop" | "stood"; readonly reason: StopReason; readonly at: number };

/**
 * A world with a robot that can be driven; its SDK is the robot's end, and operators' ends join it over pipes, or over real peer
 * connections which they negotiate through the broker.
 */
export async function createDriving({ over = "pipes", world: given }: { over?: "pipes" | "peers"; world?: World } = {}) {
  const world = given ?? (await createWorld());
  const robot = await world.createRobot();
  onTestFinished(trackSubtle(world.quiet, webcrypto.subtle));
  const trace = createTrace(world);
  const network = createNetwork(world, 1, { heard: trace.heard });
  const deeds: Deed[] = [];
  const session = serve({
    api: world.system.origin,
    robot: robot.id,
    signer: await signerFromJwk(robot.privateKey),
    platform: network.platform,
  });
  session.on("state", ({ status }) => status === "waiting" && trace.lost());
  const guard = session.guard(
    trace.options({
      onCommand: (command, { epoch }) => deeds.push({ did: "command", command, epoch, at: world.clock.now() }),
      stop: (reason) => void deeds.push({ did: "stop", reason, at: world.clock.now() }),
      onStop: (reason) => void deeds.push({ did: "stood", reason, at: world.clock.now() }),
    }),
  );
  onTestFinished(() => session.close());
  await world.idle();
  const peers = createPeers(world);
  if (over === "peers") peers.followRobot(session, trace.guard(guard));

  function joined(client: ClientSession, id: ClientSessionId): () => Promise<Channels> {
    if (over === "peers") return peers.followClient(client);
    const pipes = join(world, trace.guard(guard), client.control, id);
    return async () => pipes;
  }

  async function operate(as: string, options: { resume?: string; lifeMs?: number } = {}) {
    return startOperator(world, robot, as, { ...options, heard: trace.told }, joined);
  }

  return {
    world,
    robot,
    session,
    guard,
    deeds,
    network,
    /** Both sides' peer connections, in the order they were made. */
    made: peers.made,
    breakPath: peers.breakPath,
    operate,
    take: () => deeds.splice(0),
    stops: () => deeds.filter(({ did }) => did === "stop"),
  };
}

type Joined = (client: ClientSession, id: ClientSessionId) => () => Promise<Channels>;
let seeds = 10;

async function startOperator(
  world: World,
  robot: KeyHolder,
  as: string,
  { resume, lifeMs, heard: told }: { resume?: string; lifeMs?: number; heard: (frame: FromBroker) => void },
  joined: Joined,
) {
  seeds += 1;
  const network = createNetwork(world, seeds, { heard: told });
  const token = async () => (await world.system.identity.tokensFor(as, lifeMs === undefined ? {} : { lifeMs })).idToken;
  const kept = { load: () => resume, save: () => undefined };
  const client = attach({ api: world.system.origin, robot: robot.id, token, resume: kept, platform: network.platform });
  const heard: [keyof DriveEvents, unknown][] = [];
  const names = ["control", "requested", "asked", "denied", "accepted", "refused", "stopped", "problem"] as const;
  for (const name of names) client.control.on(name, (event) => heard.push([name, event]));
  onTestFinished(() => client.close());
  await world.idle();
  if (!client.id) throw new Error("The client is not online.");
  const channels = joined(client, client.id);
  const pipes = await channels();
  await world.idle();

  return {
    client,
    id: client.id,
    drive: client.control,
    network,
    pipes,
    /** The newest channels with the robot, once they are open. */
    channels,
    of: <Name extends keyof DriveEvents>(name: Name) =>
      heard.filter(([one]) => one === name).map(([, event]) => event as DriveEvents[Name]),
    /** Commands every 100 ms for so long; answers why not where it could not. */
    async go(ms: number, command: unknown = as): Promise<(string | undefined)[]> {
      const answers: (string | undefined)[] = [];
      for (let at = 0; at < ms; at += 100) {
        answers.push(client.control.command(command));
        await world.clock.advance(100);
      }
      return answers;
    },
    /** Asks for control, and waits until the robot has accepted. */
    async acquire() {
      client.control.request();
      await world.idle();
      await world.clock.advance(1_000);
    },
  };
}
