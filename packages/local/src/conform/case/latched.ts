import type { Case } from "../case.ts";
import { check } from "../watch.ts";

const key = (n: number) => `once-conformance-${n}`;

/** Cases of a stop that outlasts connections and the end of the program. */
export const latched: readonly Case[] = [
  {
    clauses: ["P13"],
    says: "tells the broker of a stop in force, and when its holder resumed",
    async run(trial) {
      const operator = trial.driver();
      const epoch = await trial.hold(operator);
      const connection = trial.service.connections.all.at(-1);
      const from = connection?.heard.all.length ?? 0;
      const before = operator.received.all.length;
      operator.onEvents({ type: "stop", key: key(30) });
      await operator.message("stopped", { from: before });
      const inForce = (is: boolean) =>
        connection?.heard.until(
          `the report that a stop is ${is ? "" : "not "}in force`,
          ({ frame }) => frame?.type === "report" && frame.stop?.inForce === is,
          { from },
        );
      await inForce(true);
      await trial.resume(operator, epoch);
      await inForce(false);
    },
  },
  {
    clauses: ["R18", "R20"],
    says: "keeps a stop over the end of its program, and tells whoever joins of it",
    async run(trial) {
      const { target, service, connected, welcome, join, obeys, hold, resume } = trial;
      const operator = trial.driver();
      await hold(operator);
      const before = operator.received.all.length;
      operator.onEvents({ type: "stop", key: key(40) });
      await operator.message("stopped", { from: before });
      await trial.wait(500);
      const from = service.connections.all.length;
      await target.kill();
      for (const one of trial.operators.splice(0)) one.close();
      target.start();
      welcome(await connected(from), { peers: [] });
      const joined = await join();
      const latched = await joined.message("latched");
      check(latched.kept === true, "it says that the stop is not kept");
      const epoch = await hold(joined);
      check(!(await obeys(joined, epoch)), "it drives although a stop was in force when its program ended");
      await resume(joined, epoch);
      check(await obeys(joined, epoch), "it did not obey after its holder resumed");
    },
  },
  {
    clauses: ["E3"],
    says: "stays down after bye with the policy never",
    async run({ service, wait }) {
      const from = service.connections.all.length;
      const connection = service.connections.all.at(-1);
      connection?.say({
        type: "bye",
        cause: "superseded",
        actor: { type: "system" },
        inferred: false,
        close: 4502,
        says: "A newer connection of the same session took over.",
        remedy: "Use the newer one.",
        retry: { policy: "never", afterMs: 0 },
      });
      connection?.close();
      await wait(4_000);
      check(service.connections.all.length === from, "it connected again");
    },
  },
];
