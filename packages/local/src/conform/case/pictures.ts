import type { Case } from "../case.ts";
import type { Drivable } from "../drivable.ts";
import { check } from "../watch.ts";

export const pictures: readonly Case[] = [
  {
    clauses: ["R22", "R34"],
    says: "obeys no command that answers no picture, one of the future or an old one, once it told of pictures",
    async run({ join, hold, obeys }) {
      const operator = await join();
      const newest = () => {
        const instants = operator.received.all.flatMap(({ message }) => (message.type === "picture" ? message.takenAt : []));
        return instants.length > 0 ? Math.max(...instants) : undefined;
      };
      const epoch = await hold(operator, { blindMs: 200, stopMs: 1_000 });
      if (newest() === undefined) {
        operator.close();
        return { skip: "the robot tells of no picture" };
      }
      const answering = (ms: number) => () => ({ pictureAt: (newest() ?? 0) + ms });
      check(await obeys(operator, epoch, answering(0)), "it did not obey commands that answer the newest picture");
      check(!(await obeys(operator, epoch)), "it obeyed a command that answers no picture");
      check(!(await obeys(operator, epoch, answering(-2_000))), "it obeyed a command that answers a picture of 2 s ago, of 1 s at most");
      check(!(await obeys(operator, epoch, answering(5_000))), "it obeyed a command that answers a picture that is still to be taken");
      operator.close();
      return undefined;
    },
  },
];

export const stages: readonly Case<Drivable>[] = [
  {
    clauses: ["R26"],
    says: "tells how each stage of its stop went, in their order, where it declares stages",
    async run({ driver, hold, wait }) {
      const operator = driver();
      const epoch = await hold(operator);
      const from = operator.received.all.length;
      for (let n = 0; n < 5; n += 1) {
        operator.command(epoch);
        await wait(40);
      }
      const { stages } = await operator.message("stopped", { from });
      if (stages === undefined) return { skip: "the robot declares no stages" };
      const order = ["slow", "stop", "safe"];
      const places = stages.map(({ stage }) => order.indexOf(stage));
      check(
        places.every((place, at) => at === 0 || place > (places[at - 1] ?? 0)),
        `it went through ${stages.map(({ stage }) => stage).join(", ")}`,
      );
      check(
        stages.some(({ stage }) => stage === "stop"),
        "it does not say how the stop itself went",
      );
      return undefined;
    },
  },
];
