import type { Case } from "../case.ts";
import type { Drivable } from "../drivable.ts";
import { check } from "../watch.ts";

/** Cases of signals that lose their way. */
export const joins: readonly Case[] = [
  {
    clauses: ["W1", "W2", "W3.1", "S4"],
    says: "takes both channels of the client's offer, which comes doubled and before an earlier signal",
    async run({ join, service, wait, choose }) {
      const operator = await join({ offers: false });
      const sdp = await operator.gathered();
      operator.signal({ kind: "offer", sdp }, { seq: 2, times: 2 });
      await wait(700);
      check(!operator.signals.all.some(({ kind }) => kind === "answer"), "it answered an offer before the signal that comes before it");
      operator.signal({ kind: "app", body: "first" }, { seq: 1 });
      await operator.opened();
      const answers = operator.signals.all.filter(({ kind }) => kind === "answer");
      check(answers.length === 1, `it answered the offer ${answers.length} times`);
      check(service.connections.all.at(-1)?.isOver() === false, "it gave its connection up");
      choose(operator);
    },
  },
  {
    clauses: ["S13"],
    says: "sends a signal again that nobody acknowledged",
    async run({ join }) {
      const operator = await join({ offers: false });
      operator.state.losesSignals = 1;
      operator.signal({ kind: "offer", sdp: await operator.gathered() });
      await operator.opened(20_000);
      operator.close();
    },
  },
];

export const drives: readonly Case<Drivable>[] = [
  {
    clauses: ["R30", "R33"],
    says: "answers every ping on tether.control with its own clock",
    async run({ driver }) {
      const operator = driver();
      const from = operator.received.all.length;
      operator.onControl({ type: "ping", t0: 12.5 });
      const pong = await operator.message("pong", { from });
      check(pong.t0 === 12.5 && typeof pong.at === "number", "pong does not hold t0 as it came, and at");
      operator.onControl({ type: "ping" });
      await operator.received.until("pong", ({ message }) => message.type === "pong" && message.t0 === undefined, { from });
    },
  },
  {
    clauses: ["R1", "R4.4", "R4.6"],
    says: "accepts a good permit, asks for the operator's clock, and says above which number commands go on",
    async run({ driver, take }) {
      const operator = driver();
      const from = operator.received.all.length;
      await take(operator);
      const answer = await operator.message("accepted", { from });
      check(answer.seq === 0, "the first command of an epoch is not above 0");
      await operator.message("clock", { from });
    },
  },
  {
    clauses: ["R4", "R5", "R8"],
    says: "obeys a command, and stops within the dead-man's time of the last one",
    async run({ driver, hold, obeys, clock, permitOf }) {
      const operator = driver();
      const epoch = await hold(operator);
      const from = operator.received.all.length;
      const began = clock.now();
      check(await obeys(operator, epoch), "no command was obeyed");
      const stopped = operator.received.all.slice(from).find(({ message }) => message.type === "stopped");
      const ms = (stopped?.at ?? 0) - began;
      const { deadmanMs } = permitOf(operator);
      check(ms >= deadmanMs, `it stopped ${ms} ms after the first command, while others came`);
      check(
        ms <= 160 + 40 + deadmanMs + 700,
        `it stopped ${ms} ms after the first of the commands; its dead-man has ${deadmanMs} ms after the last`,
      );
      check(await obeys(operator, epoch), "after the dead-man's stop no command was obeyed");
    },
  },
  {
    clauses: ["R4.3"],
    says: "measures a command's age by the operator's clock, whatever that says",
    async run({ join, hold, obeys }) {
      const operator = await join();
      const epoch = await hold(operator);
      check(await obeys(operator, epoch), "commands of an operator whose clock is 20 min ahead were not obeyed");
      check(!(await obeys(operator, epoch, () => ({ sentAt: operator.now() - 1_234_567 }))), "it took the operator's clock for its own");
    },
  },
];
