import type { FromBroker } from "@tether/protocol/frame";
import { InstanceId } from "@tether/protocol/id";
import { connect } from "../../src/connection/connection.ts";
import type { Ticketed, Wanted } from "../../src/ticket/source.ts";
import { createTestPlatform } from "../platform.ts";
import { settled } from "../virtual-clock.ts";
import { answer, welcome } from "./example.ts";

export const minute = 60_000;

export async function start(options: Parameters<typeof createTestPlatform>[0] = {}) {
  const world = createTestPlatform(options);
  const { clock } = world;
  const asked: (Wanted & { aborted: () => boolean })[] = [];
  const refusals: Ticketed[] = [];
  let stuck = false;
  const states: string[] = [];
  const frames: FromBroker[] = [];
  const arrivals: string[] = [];
  let failures = 0;
  const log: string[] = [];
  const connection = connect({
    platform: world.platform,
    log: (line) => log.push(JSON.stringify(line)),
    session: undefined,
    hello: () => ({ type: "hello", protocol: 1, features: [], instance: InstanceId.parse("instance-1"), received: {} }),
    async tickets(wanted, signal) {
      asked.push({ ...wanted, aborted: () => signal.aborted });
      if (stuck) return new Promise(() => {});
      return refusals.shift() ?? { answer: answer(asked.length, clock.now()) };
    },
    changed: (state) => states.push(state.state === "handingOver" ? `handingOver ${state.successor.state}` : state.state),
    answered: () => {},
    welcomed: (_, arrival) => arrivals.push(arrival),
    frame: (frame) => frames.push(frame),
    renewed: () => {},
    failed: () => {
      failures += 1;
    },
  });
  const greet = async (epoch = 1) => {
    await world.last().opens();
    await world.last().says(welcome({ epoch, at: clock.now() }));
  };
  connection.start();
  await settled();
  return {
    ...world,
    connection,
    asked,
    refusals,
    states,
    frames,
    arrivals,
    log,
    greet,
    failures: () => failures,
    stick: (is: boolean) => {
      stuck = is;
    },
  };
}

export const typesOf = (sent: readonly { type: string }[]) => sent.map(({ type }) => type);
