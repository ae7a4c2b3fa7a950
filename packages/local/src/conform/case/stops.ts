import type { Case } from "../case.ts";
import type { Drivable } from "../drivable.ts";
import type { OperatorPeer } from "../operator-peer.ts";
import { check } from "../watch.ts";

const key = (n: number) => `once-conformance-${n}`;

async function held({ driver, hold }: Drivable): Promise<{ operator: OperatorPeer; epoch: number }> {
  const operator = driver();
  return { operator, epoch: await hold(operator) };
}

/** The number of the stop that comes of what is done. */
async function stopOf(operator: OperatorPeer, press: () => void): Promise<number> {
  const from = operator.received.all.length;
  press();
  const stopped = await operator.message("stopped", { from, where: ({ reason }: { reason: string }) => reason === "stop" });
  return stopped.stop ?? 0;
}

const ways = [
  { clause: "R7", name: "tether.control", press: (_: Drivable, by: OperatorPeer, key: string) => by.onControl({ type: "stop", key }) },
  { clause: "R7", name: "tether.events", press: (_: Drivable, by: OperatorPeer, key: string) => by.onEvents({ type: "stop", key }) },
  { clause: "D14", name: "the broker's frame", press: (on: Drivable, by: OperatorPeer, key: string) => on.stopByFrame(by, { key }) },
] as const;

/** The number of a stop that no robot comes to: somebody's may come at any time, and must not be resumed from by a case. */
const noStop = 2 ** 31 - 1;

export const stops: readonly Case<Drivable>[] = [
  ...ways.map(
    ({ clause, name, press }, n): Case<Drivable> => ({
      clauses: clause === "R7" ? ["R7"] : ["R7", clause],
      says: `stops for anyone's stop by ${name}, and obeys nothing until its holder resumed from it`,
      async run(trial) {
        const { join, obeys, resume, wait } = trial;
        const { operator, epoch } = await held(trial);
        const viewer = await join();
        for (let at = 0; at < 5; at += 1) {
          operator.command(epoch);
          await wait(40);
        }
        const number = await stopOf(operator, () => press(trial, viewer, key(n)));
        check(number > 0, "the stop has no number");
        check(!(await obeys(operator, epoch)), "it obeyed a command before anyone resumed");
        // A robot is kept from driving on in the same way whichever way its stop came.
        if (n === 0) {
          viewer.onEvents({ type: "resume", epoch, stop: number, seq: 0 });
          check(!(await obeys(operator, epoch)), "it obeyed after somebody resumed who is not its holder");
          operator.onEvents({ type: "resume", epoch, stop: noStop, seq: 0 });
          check(!(await obeys(operator, epoch)), "it obeyed after a resume from another stop");
        }
        await resume(operator, epoch);
        check(!(await obeys(operator, epoch, () => ({ seq: operator.state.seq - 10 }))), "it obeyed commands from before the resume");
        operator.state.seq += 20;
        check(await obeys(operator, epoch), "it did not obey after its holder resumed");
        viewer.close();
      },
    }),
  ),
  {
    clauses: ["R32"],
    says: "tells everyone that its holder resumed",
    async run(trial) {
      const { operator, epoch } = await held(trial);
      const viewer = await trial.join();
      const number = await stopOf(operator, () => operator.onEvents({ type: "stop", key: key(10) }));
      await trial.resume(operator, epoch);
      const resumed = await viewer.message("resumed");
      check(resumed.stop === number, "resumed has another number");
      viewer.close();
    },
  },
  {
    clauses: ["R16"],
    says: "counts a press once that comes by two ways, and twice where it comes by one way twice",
    async run(trial) {
      const { operator, epoch } = await held(trial);
      const message = { type: "stop", key: key(20) };
      const first = await stopOf(operator, () => operator.onControl(message));
      operator.onEvents(message);
      await trial.wait(300);
      const next = await stopOf(operator, () => operator.onEvents({ type: "stop", key: key(21) }));
      check(next === first + 1, `a press that came by two ways was counted ${next - first} times`);
      const again = await stopOf(operator, () => operator.onEvents({ type: "stop", key: key(21) }));
      check(again === next + 1, "a press that came by one way twice was not counted twice");
      await trial.resume(operator, epoch);
    },
  },
  {
    clauses: ["R17"],
    says: "stops whatever is wrong with a stop's other fields",
    async run(trial) {
      const { operator, epoch } = await held(trial);
      for (const wrong of [{ key: 7 }, { key: "short" }, { reason: { no: "words" } }, { key: "k".repeat(100), more: [] }])
        check((await stopOf(operator, () => operator.onEvents({ type: "stop", ...wrong }))) > 0, "it did not stop");
      await trial.resume(operator, epoch);
    },
  },
  {
    clauses: ["R9"],
    says: "stops when its holder's channels close",
    async run({ join, hold, wait }) {
      const [operator, viewer] = [await join(), await join()];
      const epoch = await hold(operator);
      for (let n = 0; n < 5; n += 1) {
        operator.command(epoch);
        await wait(40);
      }
      const from = viewer.received.all.length;
      operator.close();
      const stopped = await viewer.message("stopped", { from });
      check(stopped.reason === "channel.closed" || stopped.reason === "deadman", `it stopped for ${stopped.reason}`);
      viewer.close();
    },
  },
  {
    clauses: ["R7.1", "R9"],
    says: "stops for a stop on the channel that is left when its holder's other one closed",
    async run({ driver, join, hold, resume, wait }) {
      for (const closed of ["control", "events"] as const) {
        const operator = await join();
        const epoch = await hold(operator);
        for (let n = 0; n < 5; n += 1) {
          operator.command(epoch);
          await wait(40);
        }
        const from = driver().received.all.length;
        operator.closeChannel(closed);
        await driver().message("stopped", { from });
        await wait(250);
        const press = () => operator[closed === "control" ? "onEvents" : "onControl"]({ type: "stop", key: key(closed.length) });
        check((await stopOf(driver(), press)) > 0, `it did not stop after the holder's tether.${closed} had closed`);
        await resume(driver(), await hold(driver()));
        operator.close();
      }
    },
  },
  {
    clauses: ["R20"],
    says: "tells whoever joins of the stop that is in force",
    async run(trial) {
      const { operator, epoch } = await held(trial);
      const number = await stopOf(operator, () => operator.onEvents({ type: "stop", key: key(35) }));
      const joined = await trial.join();
      const latched = await joined.message("latched");
      check(latched.stop === number, "latched has another number");
      await trial.resume(operator, epoch);
      joined.close();
    },
  },
];
