import { type ChildProcess, fork } from "node:child_process";
import type { Log } from "@tether/aws/invocation";
import type { TimelinePage } from "@tether/protocol/http";
import { realClock } from "../clock/real.ts";
import { itemText } from "../item.ts";
import { createSetup } from "../setup.ts";
import { makeKeyPair, startRobot } from "../simulated/robot.ts";
import { startLocal } from "../start.ts";
import type { Order } from "./operator-process.ts";
import { createWitness, type Witness } from "./witness.ts";

/** The demo's findings. */
export type Facts = {
  readonly connectedOverWebRtc: boolean;
  readonly commandsAnswered: number;
  readonly robotItemUntouched: boolean;
  readonly clientResumed: boolean;
  readonly robotReturned: boolean;
  readonly dataChannelClosed: boolean;
  readonly signalsSent: number;
  readonly signalsLost: number;
  readonly signalsDoubled: number;
  /** Every away and ended that either side was told of. */
  readonly events: readonly {
    readonly to: "robot" | "client";
    readonly event: string;
    readonly cause: string;
    readonly actor: string;
    readonly inferred: boolean;
  }[];
  readonly timeline: TimelinePage["items"];
};

type Tell = (line: string) => void;

/** An operator in a process of its own, so that it can be killed. */
function operatorProcess(name: string) {
  const witness = createWitness(realClock, name);
  const child: ChildProcess = fork(new URL("operator-process.ts", import.meta.url), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  child.on("message", witness.report);
  return {
    ...witness,
    child,
    order: (order: Order) => void child.send(order),
    gone: new Promise<void>((resolve) => child.once("exit", () => resolve())),
  };
}

const count = 20;
const numbers = (from: number) => Array.from({ length: count }, (_, index) => from + index);

/** Numbers that were heard from application signals, in the order they came. */
function heard({ reports }: Witness, after = 0): number[] {
  return reports.slice(after).flatMap((report) => (report.event === "signal.heard" ? [report.n] : []));
}

function opened({ reports }: Witness): boolean {
  return reports.some(({ event }) => event === "channel.opened");
}

function partings(to: "robot" | "client", { reports }: Witness): Facts["events"] {
  return reports.flatMap((report) => {
    if (report.event !== "peer.away" && report.event !== "peer.ended") return [];
    return [{ to, event: report.event, cause: report.cause ?? "", actor: report.actor?.type ?? "", inferred: report.inferred ?? false }];
  });
}

/** The story that the product exists for, with a real robot and a real operator over WebRTC. Ends all that it started. */
export async function tellStory(tell: Tell, log: Log): Promise<Facts> {
  const system = await startLocal({ port: 0, log });
  const setup = createSetup(system);
  const key = await makeKeyPair();
  const robotId = await setup.robot("Rover", key.publicKey);
  const robotWitness = createWitness(realClock, "the robot");
  const robot = await startRobot({ api: system.origin, robot: robotId, key: key.privateKey, report: robotWitness.report });
  const first = operatorProcess("the operator");
  const second = operatorProcess("the operator's second process");
  try {
    await robotWitness.until("online", ({ event }) => event === "online", 0);
    tell("The robot proved its key, fetched a ticket and is online.");
    const attach = { order: "attach", api: system.origin, robot: robotId, token: await setup.token("operator") } as const;
    first.order(attach);
    const online = await first.until("online", ({ event }) => event === "online", 0);
    await first.until("an open data channel", ({ event }) => event === "channel.opened", 0);
    tell("An operator attached; the two negotiated through Tether and opened a data channel.");
    for (const n of numbers(1)) first.order({ order: "say", data: `command ${n}` });
    await first.until("the last telemetry", (report) => report.event === "channel.heard" && report.data === `telemetry ${count}`);
    tell(`${count} commands went over the data channel, and ${count} answers came back.`);
    for (const n of numbers(1)) first.order({ order: "signal", n });
    for (const n of numbers(1)) robot.signal(n);
    await first.until("the last signal", (report) => report.event === "signal.heard" && report.n === count, 0);
    await robotWitness.until("the last signal", (report) => report.event === "signal.heard" && report.n === count, 0);

    const before = await itemText(system.store, robotId, "robot");
    const away = robotWitness.until("the operator's going away", ({ event }) => event === "peer.away");
    first.child.kill("SIGKILL");
    await Promise.all([away, first.gone]);
    const robotItemUntouched = (await itemText(system.store, robotId, "robot")) === before;
    tell("The operator's process was killed. The robot was told that the operator is away; its own session was not touched.");

    const session = online.event === "online" ? online.session : "";
    second.order({ ...attach, session });
    const resumed = await second.until("online again", ({ event }) => event === "online", 0);
    await second.until("an open data channel", ({ event }) => event === "channel.opened", 0);
    const clientResumed = resumed.event === "online" && resumed.session === session;
    tell("The operator came back, resumed the same session, and has a data channel again.");

    const marks = { robot: robotWitness.reports.length, client: second.reports.length };
    const robotSession = robot.session.id;
    const left = second.until("the robot's going away", ({ event }) => event === "peer.away");
    const back = second.until("the robot's return", ({ event }) => event === "peer.online");
    for (const n of numbers(101).slice(0, count / 2)) second.order({ order: "signal", n });
    cutConnectionOf(system, await itemText(system.store, robotId, "robot"));
    for (const n of numbers(101)) robot.signal(n);
    await left;
    for (const n of numbers(101).slice(count / 2)) second.order({ order: "signal", n });
    second.order({ order: "say", data: "command 0" });
    await second.until(
      "telemetry while the robot's signalling is cut",
      (report) => report.event === "channel.heard" && report.data === "telemetry 0",
      marks.client,
    );
    await back;
    const last = (report: { event: string; n?: number }) => report.event === "signal.heard" && report.n === 100 + count;
    await Promise.all([second.until("the last signal", last, marks.client), robotWitness.until("the last signal", last, marks.robot)]);
    tell("The robot's socket was cut. It fetched a new ticket and came back; the data channel never closed, and no signal was lost.");
    const dataChannelClosed = [second.reports.slice(marks.client), robotWitness.reports.slice(marks.robot)]
      .flat()
      .some(({ event }) => event === "channel.closed");
    const received = [heard(robotWitness), [...heard(first), ...heard(second)]];
    const sent = [...numbers(1), ...numbers(101)];
    const gone = second.gone;
    second.order({ order: "leave" });
    await Promise.all([gone, robotWitness.until("the operator's leaving", ({ event }) => event === "peer.ended", marks.robot)]);
    await robot.leave();
    return {
      connectedOverWebRtc: opened(first) && opened(second) && opened(robotWitness),
      commandsAnswered: first.reports.filter(({ event }) => event === "channel.heard").length,
      robotItemUntouched,
      clientResumed,
      robotReturned: robot.session.id === robotSession,
      dataChannelClosed,
      signalsSent: received.length * sent.length,
      signalsLost: received.flatMap((got) => sent.filter((n) => !got.includes(n))).length,
      signalsDoubled: received.map((got) => got.length - new Set(got).size).reduce((a, b) => a + b),
      events: [...partings("robot", robotWitness), ...partings("client", second)],
      timeline: await setup.timeline(robotId),
    };
  } finally {
    for (const { child } of [first, second]) child.kill("SIGKILL");
    robot.session.close();
    await system.stop();
  }
}

function cutConnectionOf(system: Awaited<ReturnType<typeof startLocal>>, item: string): void {
  const { connection } = JSON.parse(item) as { connection: { id: string } };
  system.gateway.connections.cut(connection.id);
}
