import type { Control } from "@tether/protocol/control";
import type { FromBroker, ToBroker } from "@tether/protocol/frame";
import type { SessionId } from "@tether/protocol/id";
import { oncePrefix } from "@tether/protocol/stop";
import { cutText } from "@tether/protocol/text";
import { base64url } from "../../base64url.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { drive, type Work } from "../../machine/drive.ts";
import type { Random } from "../../random.ts";
import type { Broker, Greeting } from "../../session/broker.ts";
import { createEmitter } from "../../session/emitter.ts";
import { makeChannels } from "../channel.ts";
import { createAsking } from "./asking.ts";
import type { Block } from "./block.ts";
import { createButtons } from "./buttons.ts";
import { createDriveLink } from "./drive-link.ts";
import type { DriveEvents } from "./events.ts";
import { type Event, type Happening, initial, next, patienceMs, permitOf, type State } from "./holding.ts";
import type { Drive } from "./interface.ts";
import type { Looking } from "./pictures.ts";
import { createKnownPolicy } from "./policy.ts";
import { createRequests } from "./requests.ts";

export type DriveEnv = { readonly broker: Broker; readonly clock: Clock; readonly random: Random; readonly log: Log };
const idPrefix = "control-";

export function createDrive({ broker, clock, random, log }: DriveEnv): Drive {
  const { on, emit } = createEmitter<DriveEvents>();
  let own: SessionId | undefined;
  let aheadMs = 0;
  let control: Control | undefined;
  const policy = createKnownPolicy();
  let last: Block | "nothing" | undefined = "nothing";
  let ids = 0;

  type Sendable = Extract<ToBroker, { type: `control.${string}` | "stop" }>;
  /** Each kind of request has an id that tells what a problem is about. */
  const sendFrame = (frame: Sendable, about = "other") => {
    ids += 1;
    if ("to" in frame) requests.answered(frame.to);
    broker.send({ ...frame, id: `${idPrefix}${about}-${ids}` });
  };

  const asking = createAsking(clock, () => sendFrame({ type: "control.request" }, "request"));
  const requests = createRequests((request) => emit("requested", request));
  const put = (happening: Happening) => holding.tell({ ...happening, at: clock.now() });

  function worksOf(state: State): Work<Event>[] {
    const due = (key: string, until: number): Work<Event> => ({
      key: `${key}:${state.attempt}`,
      begin: (tell) => clock.after(Math.max(0, until - clock.now()), () => tell({ type: "due", attempt: state.attempt, at: clock.now() })),
    });
    if (state.state === "awaiting") return [due("await", state.until)];
    // Unused at the time, the first command after it renews.
    if (state.state === "holding") return state.used ? [due("renew", state.renewAt)] : [];
    if (state.state !== "renewing") return [];
    const { epoch, attempt } = state;
    const renew = {
      key: `ask:${attempt}`,
      begin() {
        sendFrame({ type: "control.renew", epoch }, `renew-${attempt}`);
        return () => {};
      },
    };
    return [renew, due("again", clock.now() + patienceMs.renewing)];
  }

  const holding = drive<State, Event>({
    initial,
    next,
    worksOf,
    changed(state, before, event) {
      if (state.state !== before.state) log({ event: `drive.${state.state}`, because: event.type });
      const permit = permitOf(state);
      if (permit && permit.permit !== permitOf(before)?.permit) link.show();
      emitBlock();
    },
  });

  const link = createDriveLink({
    clock,
    emit,
    permit: () => permitOf(holding.state()),
    permitWanted: () => put({ type: "permitWanted" }),
    changed: emitBlock,
  });

  function why(): Block | undefined {
    if (broker.isOver()) return "session.over";
    if (!control) return "unconnected";
    const mine = control.holder !== undefined && control.holder.session === own;
    if (holding.state().state === "without" && !mine) return control.holder ? "control.held" : "control.free";
    return permitOf(holding.state()) ? link.block() : "permit.awaited";
  }

  function sendCommand(command: unknown, looking?: Looking): ReturnType<Drive["command"]> {
    const blocked = why();
    const canTell = !blocked && link.declaration() && typeof command === "object" && command !== null;
    const press = canTell ? buttons.next() : undefined;
    const refused = blocked ?? link.command(canTell && press ? { ...command, press } : command, looking);
    if (refused === undefined) put({ type: "commanded" });
    return refused;
  }

  const buttons = createButtons({
    clock,
    random,
    send(looking) {
      const refused = sendCommand({}, looking);
      return refused === undefined || refused === "busy";
    },
  });

  function emitBlock(): void {
    const now = why();
    if (now !== undefined) buttons.clear();
    if (now === last) return;
    last = now;
    emit("drive", { canDrive: now === undefined, why: now });
  }

  /** The broker's notice of who holds control. Of two the higher version is the newer. */
  function learnHolder(notice: Control, fresh: boolean, news: Omit<DriveEvents["control"], "control" | "mine"> = {}): void {
    if (control && notice.version <= control.version) return;
    control = notice;
    const mine = notice.holder !== undefined && notice.holder.session === own;
    if (mine) asking.end();
    else requests.clear();
    put(mine ? { type: "holderNamed", epoch: notice.epoch, fresh } : { type: "controlLost", epoch: notice.epoch });
    emit("control", { control: notice, mine, ...news });
  }

  /** Gives up waiting for control, and keeping it. */
  function letGo(): void {
    asking.end();
    put({ type: "controlLost", epoch: control?.epoch ?? 0 });
  }

  function greet(greeting: Greeting): void {
    own = greeting.session;
    aheadMs = greeting.aheadMs;
    if (!greeting.control) return;
    put({ type: "welcomed" });
    if (policy.learn(greeting.control.policy, greeting.control.control.version)) put({ type: "permitWanted" }); // D18.1
    learnHolder(greeting.control.control, false); // R14
    greeting.control.requests?.forEach(requests.hear);
    asking.again();
    emitBlock();
  }

  function hear(frame: FromBroker): void {
    if (frame.type === "control.changed") {
      const { because, actor, reason } = frame;
      if (frame.policy && policy.learn(frame.policy, frame.control.version)) put({ type: "permitWanted" }); // D18.1
      const isNews = because !== "configured" || frame.control.holder?.session === control?.holder?.session; // Else its own notice comes.
      if (isNews) learnHolder(frame.control, true, { because, actor, ...(reason !== undefined && { reason }) });
    } else if (frame.type === "control.granted") {
      asking.end();
      const { epoch, holder, version } = frame.control;
      const leftMs = Math.max(0, (holder?.expiresAt ?? 0) - aheadMs - clock.now());
      put({ type: "permitIssued", epoch, permit: frame.permit, leftMs });
      if (policy.changedAfter(version)) put({ type: "permitWanted" }); // D18.1
      learnHolder(frame.control, true);
    } else if (frame.type === "control.asked") {
      asking.wait(frame.answerBy - aheadMs - clock.now());
      learnHolder(frame.control, true);
      emit("asked", { answerBy: frame.answerBy });
    } else if (frame.type === "control.requested") {
      requests.hear(frame);
    } else if (frame.type === "control.denied") {
      asking.end();
      emit("denied", { actor: frame.actor, ...(frame.reason !== undefined && { reason: frame.reason }) });
    } else if (frame.type === "robot.stopped") {
      const { type: _, ...pressed } = frame;
      emit("pressed", pressed);
    } else if (frame.type === "problem" && frame.id?.startsWith(idPrefix)) {
      const [about, attempt] = frame.id.slice(idPrefix.length).split("-");
      if (about === "renew") put({ type: "renewalRefused", attempt: Number(attempt) });
      if (about === "request") asking.end();
      emit("problem", { code: frame.code, says: frame.says, remedy: frame.remedy });
    } else return;
    emitBlock();
  }

  broker.on("welcome", greet);
  broker.on("frame", hear);
  broker.on("over", () => {
    letGo();
    emitBlock();
  });

  return {
    on,
    open: link.open,
    join: (_, pc) => link.open(makeChannels(pc)),
    request: asking.begin,
    cancel: asking.end,
    get asking() {
      return asking.asking;
    },
    take: (reason) => sendFrame({ type: "control.take", reason: cutText(reason, 200) }),
    release() {
      sendFrame({ type: "control.release" });
      letGo();
    },
    give: (to) => sendFrame({ type: "control.give", to }),
    deny: (to, reason) => sendFrame({ type: "control.deny", to, ...(reason !== undefined && { reason: cutText(reason, 200) }) }),
    stop(reason) {
      // A press counts once, by whichever way it comes first. R16
      const said = { key: `${oncePrefix}${base64url(random.bytes(12))}`, ...(reason !== undefined && { reason: cutText(reason, 200) }) };
      const channel = link.stop(said);
      sendFrame({ type: "stop", ...said });
      return { channel, broker: broker.greeting() !== undefined };
    },
    resume: link.resume,
    takenAt: link.takenAt,
    ageMs: link.ageMs,
    blindMs: link.blindMs,
    command: sendCommand,
    press(button, look = () => ({})) {
      const isDeclared = link.declaration()?.buttons.some(({ name }) => name === button);
      return isDeclared && why() === undefined ? buttons.press(button, look) : () => {};
    },
    get declaration() {
      return link.declaration();
    },
    get canDrive() {
      return why() === undefined;
    },
    get why() {
      return why();
    },
    get control() {
      return control;
    },
    get policy() {
      return policy.now;
    },
    get link() {
      return link.state();
    },
    get stopInForce() {
      return link.stopInForce();
    },
    get robot() {
      return link.robot();
    },
  };
}
