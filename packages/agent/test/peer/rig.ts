import { createSetup } from "@tether/local/setup";
import type { System } from "@tether/local/system";
import type { Say } from "@tether/program/say";
import type { StopReason } from "@tether/protocol/control";
import type { TrackKind } from "@tether/protocol/peer";
import { attach, type MonitorEvents } from "@tether/sdk/client";
import type { Clock } from "@tether/sdk/clock";
import { type Platform, platform as real } from "@tether/sdk/platform";
import { makeKeyPair, publicKeyOf, serve, signerFromJwk } from "@tether/sdk/robot";
import type { PeerConnectionLike } from "@tether/sdk/rtc/peer-connection";
import { onTestFinished } from "vitest";
import type { Driver, Given } from "../../src/driver/driver.ts";
import { createSimulated } from "../../src/driver/simulated/driver.ts";
import type { Media } from "../../src/peer/native/media.ts";
import { cameraPictures } from "../../src/peer/native/pictures.ts";
import { operate } from "../../src/peer/operate.ts";
import { driverFrames } from "../../src/peer/pictures.ts";
import { webRtc } from "../../src/peer/webrtc.ts";
import type { Latch } from "../../src/state/latch.ts";
import { type ownerOf, startService } from "../service.ts";
import { createWatch, type Watch } from "../watch.ts";
import { startOperator } from "./operator.ts";

const clock = real.steady ?? real.clock;

/** The calls of the driver in order, with the time of the robot's clock. */
export type Deed = { readonly at: number } & (
  | { readonly did: "command"; readonly command: unknown; readonly given: Given }
  | { readonly did: "stop" | "stood"; readonly reason: StopReason }
  | { readonly did: "looked" | "looked away" }
);

/** Tells what it is told. */
function told(driver: Driver, deeds: Watch<Deed>, clock: Clock): Driver {
  return {
    ...driver,
    command(command, given) {
      deeds.put({ did: "command", command, given, at: clock.now() });
      driver.command(command, given);
    },
    async stop(reason) {
      deeds.put({ did: "stop", reason, at: clock.now() });
      await driver.stop(reason);
      deeds.put({ did: "stood", reason, at: clock.now() });
    },
    video(show) {
      deeds.put({ did: "looked", at: clock.now() });
      const end = driver.video?.(show);
      return () => {
        deeds.put({ did: "looked away", at: clock.now() });
        end?.();
      };
    },
  };
}

type Service = { readonly system: System } & Pick<ReturnType<typeof ownerOf>, "call">;

/** The system, the reference robot and what drives it, on this machine's clock and over real peer connections. */
export async function startReference(
  driver: Driver = createSimulated(clock),
  service?: Service,
  platform: Partial<Platform> = {},
  latch?: Latch,
  startMedia?: (say: Say) => Media,
  tracks: readonly TrackKind[] = ["video"],
) {
  const { system, call } = service ?? (await startService());
  const key = await makeKeyPair();
  const setup = createSetup(system);
  const robot = await setup.robot("Rover", publicKeyOf(key));
  // On a machine that is busy pictures are old, and by a clock that is sent ahead they all are: tests of the blind time turn it on.
  await call("PATCH", `/robots/${robot}`, { control: { blindMs: null } });
  const deeds = createWatch<Deed>();
  const said = createWatch<Record<string, unknown>>();
  const note = (_: string, facts: object) => said.put({ ...facts });
  const say: Say = { progress() {}, event: note, result: note, trouble() {} };
  const media = startMedia?.(say);
  const session = serve({ api: system.origin, robot, signer: await signerFromJwk(key), tracks, platform });
  const watched = told(driver, deeds, platform.clock ?? clock);
  const end = operate({
    session,
    driver: watched,
    clock,
    pictures: media ? cameraPictures(media) : driverFrames({ driver: watched, clock, webRtc }),
    ...(latch && { latch }),
    recorder: media,
    say,
  });
  onTestFinished(async () => {
    session.close();
    await end();
    await driver.close();
    await media?.close();
  });

  const join = (as: "owner" | "operator" | "viewer", stack?: () => PeerConnectionLike) =>
    startOperator({ api: system.origin, robot, token: () => setup.token(as) }, onTestFinished, stack);

  /** An owner that monitors, and makes no peer connection. */
  function monitor() {
    const client = attach({ api: system.origin, robot, token: () => setup.token("owner"), monitor: true });
    const seen = createWatch<MonitorEvents["seen"] | { readonly kind: "on" }>();
    client.monitor.on("seen", seen.put);
    client.monitor.on("changed", ({ isOn }) => isOn && seen.put({ kind: "on" }));
    onTestFinished(() => client.close());
    return { client, seen };
  }

  const token = (as: "owner" | "operator" | "viewer") => setup.token(as);
  return { origin: system.origin, robot, session, deeds, said, join, monitor, call, end, token };
}
