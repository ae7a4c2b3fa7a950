import { PublicKey } from "@tether/protocol/http";
import type { PrivateKey } from "@tether/sdk/robot";
import * as z from "zod/mini";
import { realClock } from "../clock/real.ts";
import { createFeed } from "../feed.ts";
import { type Keep, keepIn, keepInMemory } from "../keep.ts";
import { createSetup } from "../setup.ts";
import type { Local } from "../start.ts";
import { startOperator } from "./operator.ts";
import { type KeyPair, makeKeyPair, startRobot } from "./robot.ts";

/** A simulated robot that stays, and an operator that pays it one visit, told as it happens. */
export interface Life {
  /** Something happened that the timeline may tell of. */
  changed(): void;
  stop(): Promise<void>;
}

const Kept = z.object({ publicKey: PublicKey, d: z.string() });

export async function startLife({
  system,
  dataDir,
  print,
}: {
  system: Local;
  dataDir: string | undefined;
  print: (line: string) => void;
}): Promise<Life> {
  const setup = createSetup(system);
  const platform = system.platform && { platform: system.platform };
  const key = await keyIn(dataDir === undefined ? keepInMemory() : keepIn(dataDir, "robot-key"));
  const robotId = await setup.robot("Rover", key.publicKey, "simulated-robot");
  const feed = createFeed({ setup, print }, robotId);
  print(`The simulated robot is ${robotId}.\n`);
  const robot = await startRobot({ api: system.origin, robot: robotId, key: key.privateKey, ...platform, report: () => undefined });
  const operator = startOperator({
    api: system.origin,
    robot: robotId,
    token: () => setup.token("operator"),
    ...platform,
    report({ event }) {
      if (event === "channel.opened") {
        print("The operator and the robot found each other: a data channel is open between them.");
        operator.say("command 1");
      }
      if (event === "channel.heard") {
        print("A command went to the robot, and telemetry came back.");
        visitOver();
      }
    },
  });
  // The visit ends by itself, or is cut short with the rest.
  const visitOver = () => void realClock.after(1_000, () => void operator.leave());
  return {
    changed: feed.changed,
    async stop() {
      await Promise.all([operator.session.status === "stopped" ? undefined : operator.leave(), robot.leave()]);
    },
  };
}

async function keyIn(keep: Keep): Promise<KeyPair> {
  const kept = Kept.safeParse(await keep.load());
  if (kept.success) {
    const privateKey: PrivateKey = { ...kept.data.publicKey, d: kept.data.d };
    return { publicKey: kept.data.publicKey, privateKey };
  }
  const made = await makeKeyPair();
  await keep.save({ publicKey: made.publicKey, d: made.privateKey.d });
  return made;
}
