import type { ToBroker } from "@tether/protocol/frame";
import { createDrive } from "../../src/control/drive/drive.ts";
import type { DriveEvents } from "../../src/control/drive/events.ts";
import { platform } from "../../src/platform.ts";
import { createBroker } from "../../src/session/broker.ts";
import type { createVirtualClock } from "../virtual-clock.ts";
import type { createPipes } from "./pipe.ts";

type Broker = ReturnType<typeof createBroker>;

type OperatorEnv = {
  readonly clock: ReturnType<typeof createVirtualClock>;
  readonly log: (line: string) => void;
  /** The broker's answer to whatever was asked: a permit. */
  readonly grant: () => Parameters<Broker["hear"]>[0];
  readonly greeting: () => Parameters<Broker["welcomed"]>[0];
  /** Makes the channels between this operator and the guard. */
  readonly channels: () => ReturnType<typeof createPipes>;
};

/** An operator that drives by the SDK, and all that it was told. */
export function createSdkOperator({ clock, log, grant, greeting, channels }: OperatorEnv) {
  const sent: ToBroker[] = [];
  let renews = false;
  const granted = () => broker.hear(grant());
  const broker = createBroker(clock, (frame) => {
    sent.push(frame);
    if (renews && frame.type === "control.renew") queueMicrotask(granted);
  });
  const drive = createDrive({ broker, clock, random: platform.random, log: (line) => log(JSON.stringify(line)) });
  const events: [keyof DriveEvents, unknown][] = [];
  const names = [
    "control",
    "requested",
    "asked",
    "denied",
    "drive",
    "link",
    "accepted",
    "refused",
    "stopped",
    "robot",
    "order",
    "pressed",
    "telemetry",
    "picture",
    "problem",
  ] as const;
  for (const name of names) drive.on(name, (event) => events.push([name, event]));
  return {
    drive,
    broker,
    sent,
    events,
    types: () => sent.map(({ type }) => type),
    of: <Name extends keyof DriveEvents>(name: Name) =>
      events.filter(([one]) => one === name).map(([, event]) => event as DriveEvents[Name]),
    welcome: () => broker.welcomed(greeting()),
    granted,
    /** From now on the broker answers every renewal. */
    renews() {
      renews = true;
    },
    connect() {
      const pipes = channels();
      drive.open(pipes.operator);
      return pipes;
    },
  };
}
