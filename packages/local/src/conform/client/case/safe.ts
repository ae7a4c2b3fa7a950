import { InstanceId } from "@tether/protocol/id";
import type { Case } from "../../case.ts";
import { check } from "../../watch.ts";
import type { ClientTrial } from "../trial.ts";

/** The stops that came since, by the way that each took. */
function stopsSince({ standIn, live }: ClientTrial, { messages, frames }: { messages: number; frames: number }) {
  const channels = standIn.received.all
    .slice(messages)
    .flatMap(({ channel, message }) =>
      "type" in message && message.type === "stop" ? [{ way: channel as string, key: message.key }] : [],
    );
  const heard = live()?.heard.all.slice(frames) ?? [];
  return [...channels, ...heard.flatMap(({ frame }) => (frame?.type === "stop" ? [{ way: "frame", key: frame.key }] : []))];
}

async function press(trial: ClientTrial) {
  const { standIn, live, tell } = trial;
  const since = { messages: standIn.received.all.length, frames: live()?.heard.all.length ?? 0 };
  tell({ do: "stop", reason: "conform" });
  for (let waited = 0; waited < 5_000 && stopsSince(trial, since).length < 3; waited += 50) await trial.wait(50);
  return stopsSince(trial, since);
}

export const safe: readonly Case<ClientTrial>[] = [
  {
    clauses: ["R7", "R16", "D14"],
    says: "presses stop by frame and on both channels, with one key of 16 to 64 characters, and another for the next press",
    async run(trial) {
      const { driving, rest } = trial;
      await driving();
      await rest();
      const first = await press(trial);
      check(
        ["control", "events", "frame"].every((way) => first.some((one) => one.way === way)),
        `its stop came by ${first.map(({ way }) => way).join(", ")}`,
      );
      const keys = new Set(first.map(({ key }) => key));
      const [key = ""] = keys;
      check(keys.size === 1 && key.length >= 16 && key.length <= 64, "its stop has not one key of 16 to 64 characters by all ways");
      const second = await press(trial);
      check(second.length > 0 && second.every((one) => one.key !== key), "another press has the same key");
    },
  },
  {
    clauses: ["R32", "R7"],
    says: "commands nothing after a stop until it resumed from the newest, by its number",
    async run({ standIn, driving, tell, wait, rest }) {
      const before = standIn.received.all.length;
      void driving().catch(() => {});
      await wait(1_000);
      check(standIn.commandsFrom(before).length === 0, "it commands a robot that is stopped by order");
      const newest = standIn.stopped();
      await wait(300);
      const from = standIn.received.all.length;
      const highest = Math.max(0, ...standIn.commandsFrom(0).map(({ command }) => command.seq));
      tell({ do: "resume" });
      const { message } = await standIn.received.until("resume", ({ message: one }) => "type" in one && one.type === "resume", { from });
      check("stop" in message && message.stop === newest, "it resumed from another stop than the newest");
      await standIn.received.until("a command", ({ message: one }) => !("type" in one), { from });
      check(
        "seq" in message &&
          standIn.commandsFrom(from).every(({ command }) => command.seq > Number(message.seq)) &&
          Number(message.seq) <= highest,
        "a command is not above the number that resume names",
      );
      await rest();
    },
  },
  {
    clauses: ["R20"],
    says: "commands nothing where the robot tells a newcomer that a stop is in force",
    async run({ standIn, tell, driving, wait, rest }) {
      Object.assign(standIn.state, { stops: standIn.state.stops + 1, inForce: true });
      standIn.say("events", { type: "latched", stop: standIn.state.stops, kept: true });
      await wait(300);
      const from = standIn.received.all.length;
      void driving().catch(() => {});
      await wait(1_000);
      check(standIn.commandsFrom(from).length === 0, "it commands a robot in which a stop is in force");
      tell({ do: "resume" });
      await standIn.received.until("a command", ({ message }) => !("type" in message), { from });
      await rest();
    },
  },
  {
    clauses: ["D2", "D11", "R4.1"],
    says: "commands no more once control is another's, and in the new epoch once it has it again",
    async run({ standIn, change, control, state, driving, permit, wait, rest }) {
      state.grants = false;
      permit();
      await driving();
      change("other");
      await wait(300);
      const from = standIn.received.all.length;
      await wait(1_000);
      check(standIn.commandsFrom(from).length === 0, "it commands a robot whose control is another's");
      change("self");
      permit();
      await standIn.received.until("a command", ({ message }) => !("type" in message), { from });
      check(
        standIn.commandsFrom(from).every(({ command }) => command.epoch === control().epoch),
        "it commands in an epoch that is over",
      );
      state.grants = true;
      await rest();
    },
  },
  {
    clauses: ["R11.2"],
    says: "asks the broker for a permit where the robot refuses the one that it has as over",
    async run({ standIn, live, control, wait }) {
      await wait(4_000);
      const connection = live();
      const from = connection?.heard.all.length ?? 0;
      standIn.say("events", { type: "refused", epoch: control().epoch, reason: "permit.over" });
      await connection?.frame("control.renew", { from });
    },
  },
  {
    clauses: ["P8"],
    says: "ignores what is older than what it knows of the robot, as a word of the run before",
    async run({ standIn, live, wait }) {
      const links = standIn.links.length;
      const peer = standIn.peer();
      live()?.say({ type: "peer.online", peer: { ...peer, epoch: peer.epoch - 1, instance: InstanceId.parse("conform-robot-0") } });
      await wait(700);
      check(standIn.isOpen() && standIn.links.length === links, "it gave up its peer connection for a word of an older epoch");
    },
  },
  {
    clauses: ["R9", "R31"],
    says: "commands nothing on channels of which one closed",
    async run({ standIn, driving, wait, rest }) {
      await driving();
      standIn.links.at(-1)?.channels.get("events")?.close();
      await wait(700);
      const link = standIn.links.length - 1;
      const from = standIn.received.all.length;
      await wait(1_000);
      const late = standIn.received.all.slice(from).filter((one) => one.link === link && !("type" in one.message));
      check(late.length === 0, "it commands although the robot's word cannot reach it");
      await rest();
    },
  },
  {
    clauses: ["H6.1", "E3", "F5"],
    says: "stays down after bye superseded",
    async run({ service, live, wait }) {
      const count = service.connections.all.length;
      live()?.say({
        type: "bye",
        cause: "superseded",
        actor: { type: "system" },
        close: 4503,
        says: "Another connection took over.",
        remedy: "Stay down.",
        retry: { policy: "never", afterMs: 0 },
      });
      live()?.close();
      await wait(2_500);
      check(service.connections.all.length === count, "it connected again");
    },
  },
];
