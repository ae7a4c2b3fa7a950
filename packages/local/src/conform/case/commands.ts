import type { Case } from "../case.ts";
import type { Drivable } from "../drivable.ts";
import type { OperatorPeer } from "../operator-peer.ts";
import { check } from "../watch.ts";

async function held({ driver, hold }: Drivable): Promise<{ operator: OperatorPeer; epoch: number }> {
  const operator = driver();
  return { operator, epoch: await hold(operator) };
}

export const commands: readonly Case<Drivable>[] = [
  {
    clauses: ["R4.1"],
    says: "obeys no command twice, none below one that it obeyed, and none of another epoch",
    async run(trial) {
      const { obeys } = trial;
      const { operator, epoch } = await held(trial);
      check(await obeys(operator, epoch, () => ({ seq: 50 + operator.state.seq })), "good commands were not obeyed");
      check(!(await obeys(operator, epoch, () => ({ seq: 50 }))), "it obeyed a command below one that it had obeyed");
      check(!(await obeys(operator, epoch, () => ({ seq: 54 }))), "it obeyed a command a second time");
      check(!(await obeys(operator, epoch, () => ({ seq: 90, epoch: epoch - 1 }))), "it obeyed a command of an old epoch");
      check(!(await obeys(operator, epoch, () => ({ seq: 95, epoch: epoch + 1 }))), "it obeyed a command of an epoch that nobody gave");
    },
  },
  {
    clauses: ["R4.2"],
    says: "obeys no command that is older than maxAgeMs",
    async run(trial) {
      const { operator, epoch } = await held(trial);
      const { maxAgeMs } = trial.permitOf(operator);
      check(
        !(await trial.obeys(operator, epoch, () => ({ sentAt: operator.now() - maxAgeMs - 500 }))),
        `it obeyed a command that is ${maxAgeMs + 500} ms old, of ${maxAgeMs} ms at most`,
      );
      check(await trial.obeys(operator, epoch), "it did not obey a fresh one afterwards");
    },
  },
  {
    clauses: ["R4.5"],
    says: "obeys no command from the future",
    async run(trial) {
      const { operator, epoch } = await held(trial);
      check(
        !(await trial.obeys(operator, epoch, () => ({ sentAt: operator.now() + 1_000 }))),
        "it obeyed a command that is to be sent in 1 s",
      );
    },
  },
  {
    clauses: ["R4.4", "R21"],
    says: "obeys nothing before the operator's clock is known, and takes no answer that it did not ask for",
    async run({ join, take, wait, obeys, clock }) {
      const operator = await join();
      operator.state.answersClock = false;
      const began = clock.now();
      const epoch = await take(operator);
      check(!(await obeys(operator, epoch)), "it obeyed a command of an operator whose clock it does not know");
      // A moment that the robot did not ask at, by its own clock, which its questions tell.
      const { t0 } = await operator.message("clock");
      for (let n = 1; n < 6; n += 1) operator.onEvents({ type: "clock", t0: t0 + clock.now() - began + n / 100, t1: operator.now() });
      await wait(100);
      check(!(await obeys(operator, epoch, () => ({ sentAt: operator.now() }))), "it took an answer to what it had not asked");
      operator.close();
    },
  },
  {
    clauses: ["R4"],
    says: "obeys its holder's channel only",
    async run(trial) {
      const { operator: _, epoch } = await held(trial);
      const other = await trial.join();
      other.state.seq = 1_000;
      check(!(await trial.obeys(other, epoch)), "it obeyed a command on another's channel");
      other.close();
    },
  },
  {
    clauses: ["R25"],
    says: "takes a message of more than 64 KB for none",
    async run(trial) {
      const { operator, epoch } = await held(trial);
      const from = operator.received.all.length;
      const command = { ...operator.body(), padding: "x".repeat(65_536) };
      if (longestOf(operator) < 66_000) return { skip: "the robot's stack takes no message so long" };
      operator.command(epoch, { command });
      await trial.wait(1_500);
      check(!operator.received.all.slice(from).some(({ message }) => message.type === "stopped"), "it obeyed a command of more than 64 KB");
      check(await trial.obeys(operator, epoch), "it does not go on afterwards");
      return undefined;
    },
  },
  {
    clauses: ["R19", "R25"],
    says: "takes messages for none that are too deep, of numbers that are none, or no JSON",
    async run(trial) {
      const { obeys, wait } = trial;
      const { operator, epoch } = await held(trial);
      const deep = `${"[".repeat(1_000)}1${"]".repeat(1_000)}`;
      for (const seq of [0, -1, 1.5, 2 ** 31, "7", null])
        check(!(await obeysOne(trial, operator, epoch, { seq })), `it obeyed the command ${seq}`);
      operator.onControl(`{"epoch":${epoch},"seq":500,"sentAt":${operator.now()},"command":${deep}}`);
      operator.onControl("no json");
      operator.onEvents("[]");
      await wait(300);
      check(await obeys(operator, epoch), "it does not go on afterwards");
    },
  },
];

/** The longest message that the robot's stack takes, by its answer (RFC 8841 §6.1). A channel on which more is sent closes. */
function longestOf({ remote }: OperatorPeer): number {
  return Number(/^a=max-message-size:(\d+)/m.exec(remote())?.[1] ?? 65_536);
}

/** Sends a command and answers whether the robot moves for it, which takes less time than five. */
async function obeysOne({ wait }: Drivable, operator: OperatorPeer, epoch: number, part: object): Promise<boolean> {
  const from = operator.received.all.length;
  operator.command(epoch, part);
  await wait(800);
  return operator.received.all.slice(from).some(({ message }) => message.type === "stopped");
}
