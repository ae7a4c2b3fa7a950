import { answerClock } from "@tether/agent/command/answer-clock";
import { openDriver } from "@tether/agent/driver/open";
import { operate } from "@tether/agent/peer/operate";
import { driverFrames } from "@tether/agent/peer/pictures";
import { webRtc } from "@tether/agent/peer/webrtc";
import type { Say } from "@tether/program/say";
import { PublicKey } from "@tether/protocol/http";
import { platformWith } from "@tether/sdk/platform";
import { serve, signerFromJwk } from "@tether/sdk/robot";
import * as z from "zod/mini";
import { createFeed } from "../feed.ts";
import { type Keep, keepIn, keepInMemory } from "../keep.ts";
import { createSetup } from "../setup.ts";
import type { Local } from "../start.ts";
import { type KeyPair, makeKeyPair } from "./robot.ts";
import { startVisit } from "./visit.ts";

/** The reference robot, which stays and can be driven, and an operator that pays it one visit, told as it happens. */
export interface Life {
  /** Something happened that the timeline may tell of. */
  changed(): void;
  stop(): Promise<void>;
}

const KeptKey = z.object({ publicKey: PublicKey, d: z.string() });

const robotKey = {
  name: "robot-key",
  read: (value: unknown) => KeptKey.parse(value),
  loses: "the simulated robot gets another key beside the one it had",
};

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
  const key = await keyIn(dataDir === undefined ? keepInMemory() : keepIn(dataDir, robotKey));
  const robotId = await setup.robot("Rover", key.publicKey, "simulated-robot");
  const feed = createFeed({ setup, print }, robotId);
  print(`The simulated robot is ${robotId}.\n`);
  const { clock = platformWith().steady } = system.platform ?? {};
  // As on a real robot: a process of its own under a supervisor, and its video comes through a pipe.
  const driver = openDriver("simulated", { clock, say: silent });
  await driver.start();
  void driver.ended?.then(({ says }) => print(`${says} The simulated robot stands.`));
  const session = serve({
    api: system.origin,
    robot: robotId,
    signer: await signerFromJwk(key.privateKey),
    tracks: ["video"],
    ...platform,
  });
  answerClock(session, (system.platform ?? platformWith()).clock);
  const end = operate({ session, driver, clock, pictures: driverFrames({ driver, clock, webRtc }), say: silent });
  const leave = startVisit({ api: system.origin, robot: robotId, token: () => setup.token("operator"), ...platform, clock, print });
  return {
    changed: feed.changed,
    async stop() {
      await Promise.all([leave(), end()]);
      await session.leave("Tether on this machine was ended.");
      await driver.close();
    },
  };
}

/** The robot's timeline tells what happens to it. */
const silent: Say = { progress() {}, event() {}, result() {}, trouble() {} };

async function keyIn(keep: Keep<z.infer<typeof KeptKey>>): Promise<KeyPair> {
  const kept = await keep.load();
  if (kept) return { publicKey: kept.publicKey, privateKey: { ...kept.publicKey, d: kept.d } };
  const made = await makeKeyPair();
  await keep.save({ publicKey: made.publicKey, d: made.privateKey.d });
  return made;
}
