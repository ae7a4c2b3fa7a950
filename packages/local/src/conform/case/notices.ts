import type { Control } from "@tether/protocol/control";
import type { Case } from "../case.ts";
import type { Operator } from "../operator.ts";
import type { Trial } from "../trial.ts";
import { check } from "../watch.ts";

/** The broker's word that control is as it is said here. */
function say({ service, control }: Trial, part: Partial<Control>): void {
  service.post({ type: "control.changed", control: { ...control(), ...part }, because: "granted", actor: { type: "system" } });
}

const heldBy = ({ service }: Trial, session: string) => ({
  session: session as Operator["session"],
  user: { id: "user" },
  expiresAt: service.now() + 300_000,
});

const nobody = "cse_01J00000000000000000000999";

async function drivesOn({ wait }: Trial, operator: Operator, epoch: number): Promise<void> {
  for (let n = 0; n < 5; n += 1) {
    operator.command(epoch);
    await wait(40);
  }
}

export const notices: readonly Case[] = [
  {
    clauses: ["R2.1"],
    says: "takes no notice of an epoch below the newest for news, as one that was overtaken is",
    async run(trial) {
      const operator = trial.driver();
      const epoch = await trial.hold(operator);
      const from = operator.received.all.length;
      await drivesOn(trial, operator, epoch);
      const { version } = trial.control();
      say(trial, { version: version - 1, epoch: epoch - 1, holder: heldBy(trial, nobody) });
      check(await trial.obeys(operator, epoch), "it did not obey its holder after a notice that is older than what it knew");
      const stopped = operator.received.all.slice(from).flatMap(({ message }) => (message.type === "stopped" ? message.reason : []));
      check(
        stopped.every((reason) => reason === "deadman"),
        `it stopped for ${stopped.join(", ")}`,
      );
    },
  },
  {
    clauses: ["R2.1", "R3"],
    says: "takes no epoch for vouched after a welcome without control, and asks its holder for a fresh permit then",
    async run(trial) {
      const operator = trial.driver();
      await trial.hold(operator);
      const from = operator.received.all.length;
      await trial.reconnect({ control: false });
      await operator.message("renew", { from, ms: 12_000 });
      trial.notice();
    },
  },
  {
    clauses: ["R2.2"],
    says: "stops where two notices name different holders for one epoch, and obeys nobody in it",
    async run(trial) {
      const operator = trial.driver();
      const epoch = await trial.hold(operator);
      await drivesOn(trial, operator, epoch);
      const from = operator.received.all.length;
      say(trial, { version: trial.control().version + 1, holder: heldBy(trial, nobody) });
      const { reason } = await operator.message("stopped", { from });
      check(reason === "epoch", `it stopped for ${reason}`);
      check(!(await trial.obeys(operator, epoch)), "it obeyed in an epoch that two were named for");
    },
  },
  {
    clauses: ["R2.2"],
    says: "stops where the first notice of an epoch names another than whose permit it obeyed",
    async run(trial) {
      const operator = trial.driver();
      const epoch = trial.change(operator, { tell: false });
      const answer = await trial.show(operator, operator.permit(epoch));
      check(answer.type === "accepted", `it refused a fresh permit that comes before its notice: ${answer.reason}`);
      await trial.wait(250);
      check(await trial.obeys(operator, epoch), "it did not obey a permit that comes before its notice");
      say(trial, { holder: heldBy(trial, nobody) });
      await trial.wait(300);
      check(!(await trial.obeys(operator, epoch)), "it obeyed whom the broker does not name");
    },
  },
];
