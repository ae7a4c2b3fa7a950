import wrtc from "@roamhq/wrtc";
import { createSetup } from "@tether/local/setup";
import type { System } from "@tether/local/system";
import type { StopReason } from "@tether/protocol/control";
import { attach, type DriveEvents, type MonitorEvents } from "@tether/sdk/client";
import { follow } from "@tether/sdk/peer/follow";
import { type Platform, platform as real } from "@tether/sdk/platform";
import { makeKeyPair, publicKeyOf, serve, signerFromJwk } from "@tether/sdk/robot";
import { onTestFinished } from "vitest";
import type { Driver, Given } from "../../src/driver/driver.ts";
import { createSimulated } from "../../src/driver/simulated/driver.ts";
import { operate } from "../../src/peer/operate.ts";
import { webRtc } from "../../src/peer/webrtc.ts";
import { type ownerOf, startService } from "../service.ts";
import { createWatch, type Watch } from "../watch.ts";

const clock = real.steady ?? real.clock;

/** What the driver was told, in its order, by the robot's clock. */
export type Deed = { readonly at: number } & (
  | { readonly did: "command"; readonly command: unknown; readonly given: Given }
  | { readonly did: "stop" | "stood"; readonly reason: StopReason }
  | { readonly did: "looked" | "looked away" }
);

/** Tells what it is told. */
function told(driver: Driver, deeds: Watch<Deed>): Driver {
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
export async function startReference(driver: Driver = createSimulated(clock), service?: Service, platform: Partial<Platform> = {}) {
  const { system, call } = service ?? (await startService());
  const key = await makeKeyPair();
  const setup = createSetup(system);
  const robot = await setup.robot("Rover", publicKeyOf(key));
  const deeds = createWatch<Deed>();
  const said = createWatch<Record<string, unknown>>();
  const note = (_: string, facts: object) => said.put({ ...facts });
  const session = serve({ api: system.origin, robot, signer: await signerFromJwk(key), platform });
  const end = operate({
    session,
    driver: told(driver, deeds),
    clock,
    webRtc,
    say: { progress() {}, event: note, result: note, trouble() {} },
  });
  onTestFinished(async () => {
    session.close();
    await end();
    await driver.close();
  });

  /** An operator or a viewer in this process. */
  function join(as: "owner" | "operator" | "viewer") {
    const client = attach({ api: system.origin, robot, token: () => setup.token(as) });
    const { control } = client;
    const heard = createWatch<{ readonly name: string; readonly event: unknown }>();
    for (const name of ["drive", "control", "stopped", "telemetry", "problem"] as const)
      control.on(name, (event: DriveEvents[typeof name]) => heard.put({ name, event }));
    const tracks = createWatch<MediaStreamTrack>();
    const connect = () => {
      const pc: RTCPeerConnection = new wrtc.RTCPeerConnection();
      pc.ontrack = ({ track }) => tracks.put(track);
      return pc;
    };
    const part = follow({ session: client, polite: true, connect, control });
    let letGo = () => {};
    const leave = async () => {
      letGo();
      await client.leave();
      part();
    };
    onTestFinished(() => {
      letGo();
      client.close();
      part();
    });
    return {
      client,
      drive: control,
      heard,
      tracks,
      leave,
      ready: () => heard.until("a robot that can be driven", () => control.canDrive),
      /** Until it lets go. */
      hold(command: unknown) {
        let cancel = () => {};
        const again = () => {
          cancel = clock.after(50, again);
          control.command(command);
        };
        letGo();
        again();
        letGo = () => cancel();
      },
      letGo: () => letGo(),
    };
  }

  /** An owner that monitors, and makes no peer connection. */
  function monitor() {
    const client = attach({ api: system.origin, robot, token: () => setup.token("owner"), monitor: true });
    const seen = createWatch<MonitorEvents["seen"] | { readonly kind: "on" }>();
    client.monitor.on("seen", seen.put);
    client.monitor.on("changed", ({ isOn }) => isOn && seen.put({ kind: "on" }));
    onTestFinished(() => client.close());
    return { client, seen };
  }

  return { origin: system.origin, robot, session, deeds, said, join, monitor, call, end, token: setup.token };
}
