import type { Case } from "../../case.ts";
import { check } from "../../watch.ts";
import { claimsOf } from "../stand-in.ts";
import type { ClientTrial } from "../trial.ts";

export const drives: readonly Case<ClientTrial>[] = [
  {
    clauses: ["R30"],
    says: "pings on tether.control every 200 ms",
    async run({ standIn, wait }) {
      const from = standIn.received.all.length;
      await wait(2_000);
      const pings = standIn.received.all
        .slice(from)
        .filter(({ message, channel }) => "type" in message && message.type === "ping" && channel === "control");
      check(pings.length >= 5 && pings.length <= 15, `it sent ${pings.length} pings in 2 s`);
    },
  },
  {
    clauses: ["D1", "R11", "R11.1", "R4.6"],
    says: "asks for control, shows its permit at once, and drives in its epoch above the number that it is told",
    async run({ standIn, control, driving, rest }) {
      standIn.state.seq = 41;
      const from = await driving();
      const shown = standIn.received.all.slice(from).find(({ message }) => "type" in message && message.type === "permit");
      check(shown?.channel === "events", "it showed no permit on tether.events");
      check(
        "permit" in shown.message && claimsOf(shown.message.permit).epoch === control().epoch,
        "it showed another permit than the one that it was given",
      );
      await rest();
      const commands = standIn.commandsFrom(from).map(({ command }) => command);
      check(
        commands.every(({ epoch }) => epoch === control().epoch),
        "a command is of another epoch than the permit",
      );
      check(
        commands.every(({ seq }, n) => seq > (commands[n - 1]?.seq ?? 0)),
        "the numbers of its commands do not grow",
      );
    },
  },
  {
    clauses: ["R4.3", "R4.7"],
    says: "answers clock with t0 as it came, by the clock that dates its commands",
    async run({ standIn, clock, driving, rest, wait }) {
      const answers = standIn.received.all.length;
      const asked = [12.5, 13.5];
      for (const t0 of asked) {
        standIn.say("events", { type: "clock", t0 });
        await wait(500);
      }
      const samples = standIn.received.all
        .slice(answers)
        .flatMap(({ at, message }) =>
          "type" in message && message.type === "clock" && asked.includes(message.t0) ? [{ at, ...message }] : [],
        );
      check(samples.map(({ t0 }) => t0).join() === "12.5,13.5", "it did not answer each clock with its t0");
      const from = await driving();
      await rest();
      const offset = (samples[0]?.t1 ?? 0) - (samples[0]?.at ?? 0);
      const offs = [...samples.map(({ at, t1 }) => t1 - at), ...standIn.commandsFrom(from).map(({ at, command }) => command.sentAt - at)];
      check(
        clock.now() > 0 && offs.every((one) => Math.abs(one - offset) < 1_000),
        "its answers and its commands are not dated by one clock",
      );
    },
  },
  {
    clauses: ["R31"],
    says: "sends no command while it has not heard the robot for a second, and goes on once it hears it again",
    async run({ standIn, driving, rest, wait }) {
      await driving();
      standIn.state.answersPing = false;
      await wait(1_600);
      const from = standIn.received.all.length;
      await wait(1_500);
      const blind = standIn.commandsFrom(from).length;
      standIn.state.answersPing = true;
      check(blind === 0, `it sent ${blind} commands to a robot that it did not hear`);
      await standIn.received.until("a command", ({ message }) => !("type" in message), { from: standIn.received.all.length });
      await rest();
    },
  },
  {
    clauses: ["R11.2", "R11.3", "D4"],
    says: "asks for a fresh permit when the robot wants one, once in 4 s at most, and shows it",
    async run({ standIn, live, control, wait }) {
      await wait(4_000);
      const connection = live();
      const [frames, messages] = [connection?.heard.all.length ?? 0, standIn.received.all.length];
      for (let n = 0; n < 6; n += 1) {
        standIn.say("events", { type: "renew", epoch: control().epoch });
        await wait(300);
      }
      const renewals = connection?.heard.all.slice(frames).filter(({ frame }) => frame?.type === "control.renew") ?? [];
      check(renewals.length === 1, `it sent control.renew ${renewals.length} times in 2 s`);
      await standIn.received.until("the fresh permit", ({ message }) => "type" in message && message.type === "permit", { from: messages });
    },
  },
  {
    clauses: ["R12"],
    says: "renews control before it is over, where it drives",
    async run({ standIn, live, state, control, change, permit, driving, rest }) {
      state.leaseMs = 12_000;
      change(undefined);
      const connection = live();
      await driving();
      const from = connection?.heard.all.length ?? 0;
      const { expiresAt = 0 } = control().holder ?? {};
      const renewal = await connection?.heard.until("control.renew", ({ frame }) => frame?.type === "control.renew", { from, ms: 12_000 });
      check(
        renewal?.frame?.type === "control.renew" && renewal.frame.epoch === control().epoch && expiresAt > 0,
        "it renewed another epoch",
      );
      await rest();
      state.leaseMs = 300_000;
      permit();
      check(standIn.isOpen(), "it gave its channels up");
    },
  },
  {
    clauses: ["D13", "R6"],
    says: "lets control go with control.release, and commands no more",
    async run({ standIn, live, driving, tell, wait }) {
      await driving();
      const connection = live();
      const from = connection?.heard.all.length ?? 0;
      tell({ do: "release" });
      await connection?.frame("control.release", { from });
      await wait(300);
      const after = standIn.received.all.length;
      await wait(700);
      check(standIn.commandsFrom(after).length === 0, "it commands without control");
      tell({ do: "rest" });
    },
  },
  {
    clauses: ["R15"],
    says: "asks for control again where nobody answers",
    async run({ live, state, driving, rest }) {
      state.grants = false;
      const connection = live();
      const from = connection?.heard.all.length ?? 0;
      const drive = driving().catch(() => 0);
      await connection?.frame("control.request", { from });
      const again = connection?.heard.all.length ?? 0;
      await connection?.frame("control.request", { from: again, ms: 15_000 });
      state.grants = true;
      await drive;
      await rest();
    },
  },
];
