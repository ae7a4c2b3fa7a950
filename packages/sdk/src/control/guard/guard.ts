import type { Actor } from "@tether/protocol/actor";
import type { ToOperator } from "@tether/protocol/control";
import { OnControl, ToRobot } from "@tether/protocol/control";
import { ClientSessionId } from "@tether/protocol/id";
import { oncePrefix } from "@tether/protocol/stop";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { drive, type Work } from "../../machine/drive.ts";
import type { Broker, Greeting } from "../../session/broker.ts";
import { type Channels, read, takeChannels, write, writeNews } from "../channel.ts";
import { importKeys, type Keys, verifyPermit } from "../permit.ts";
import { nextDeadline } from "./deadline.ts";
import { createJudge } from "./declared.ts";
import type { Effect, Event, Happening, On } from "./event.ts";
import { createGive } from "./give.ts";
import { createLatchWriter } from "./latch.ts";
import { next } from "./machine.ts";
import { createManoeuvreReporter } from "./manoeuvre-reporter.ts";
import { noticeOf } from "./notice.ts";
import type { Guard, GuardOptions } from "./options.ts";
import { type Outcome, outcome } from "./outcome.ts";
import { initial, type Way } from "./state.ts";
import { createStopReporter } from "./stop-reporter.ts";
import { carryOut, wait } from "./work.ts";

export type { Guard, GuardOptions } from "./options.ts";

export type GuardEnv = { readonly robot: string; readonly broker: Broker; readonly clock: Clock; readonly log: Log };

/** The number of permits of one pair of channels that are verified at a time; the next are dropped. */
const verifyingMost = 4;

type ChannelPair = { readonly session: ClientSessionId; readonly channels: Channels };

/** Runs the guard's machine: its work is the driver's stop and the next deadline, its effects are commands and messages. */
export function createGuard(env: GuardEnv, options: GuardOptions): Guard {
  const { robot, broker, clock, log } = env;
  const pairs = new Map<number, ChannelPair>();
  let resolveEnded = () => {};
  const ended = new Promise<void>((resolve) => {
    resolveEnded = resolve;
  });
  let count = 0;
  let keys: Promise<Keys> = Promise.resolve([]);

  const stamp = (happening: Happening): Event => ({ ...happening, at: clock.now() });
  const put = (happening: Happening) => driven.tell(stamp(happening));
  const works = { clock, stamp };
  const { onOrder, declaration } = options;
  const give = createGive(options);
  const writeLatch = onOrder && createLatchWriter({ clock, write: onOrder, written: (kept) => put({ type: "latchWritten", kept }) });

  function worksOf({ state }: Outcome): Work<Event>[] {
    if (state.state === "stopping") {
      const { known, reason } = state;
      const failed = () => log({ event: "guard.stop-failed", reason });
      return [carryOut(works, { turn: known.turn, reason, manoeuvre: options.manoeuvre ?? {}, stop: options.stop, failed })];
    }
    const due = nextDeadline(state);
    return due === Number.POSITIVE_INFINITY ? [] : [wait(works, due)];
  }

  function everyone(message: ToOperator, how = write): void {
    for (const { channels } of pairs.values()) how(channels.events, message);
  }

  function perform(effect: Effect): void {
    if (effect.type === "send") {
      const pair = pairs.get(effect.pair);
      if (pair) write(pair.channels.events, effect.message);
    } else if (effect.type === "command") {
      try {
        give(effect);
      } catch {
        log({ event: "guard.command-failed", epoch: effect.obeyed.epoch });
        put({ type: "driverFailed" });
      }
    } else if (effect.type === "broadcast") {
      everyone(effect.message);
    } else {
      const { reason, latencyMs, stop, stages } = effect;
      const staged = stages.length > 0 && { stages: [...stages] };
      everyone({ type: "stopped", reason, latencyMs, ...(stop !== undefined && { stop }), ...staged });
      if (stages.length > 0) manoeuvreReporter.add({ reason, latencyMs, stages: [...stages] }, latencyMs); // P14
      hook(reason, () => options.onStop?.(reason, { latencyMs, ...staged }));
    }
  }

  /** A hook that throws is no reason to leave the robot moving. */
  function hook(about: string, run: () => void): void {
    try {
      run();
    } catch {
      log({ event: "guard.hook-failed", about });
    }
  }

  const driven = drive<Outcome, Event>({
    initial: outcome(initial(robot, options.isStopped)),
    next: (before, event) => next(before.state, event),
    worksOf,
    changed({ state, effects }, { state: before }, event) {
      if (state.state !== before.state) {
        const why = state.state === "stopping" ? { reason: state.reason } : {};
        log({ event: `guard.${state.state}`, epoch: state.known.fence.epoch, ...why });
      }
      const { latched } = state.known.order;
      if (latched !== before.known.order.latched) {
        writeLatch?.(latched);
        stopReporter.changed({ inForce: latched, ...authorOf(event) });
      }
      for (const effect of effects) perform(effect);
      if (state.state === "ended") resolveEnded();
    },
  });

  const stopReporter = createStopReporter(broker, options.isStopped ?? false);
  const manoeuvreReporter = createManoeuvreReporter(broker, clock);

  /** Whose word a stop or a resume is, as far as this end can say. */
  function authorOf(event: Event): { session?: ClientSessionId; by?: Actor } {
    if (event.type === "stopOrdered") return { ...(event.session && { session: event.session }), ...(event.by && { by: event.by }) };
    const session = event.type === "resumed" && pairs.get(event.pair)?.session;
    return session ? { session } : {};
  }

  function greet({ aheadMs, control }: Greeting): void {
    if (control?.keys) keys = importKeys(control.keys);
    put({ type: "welcomed", serverTime: clock.now() + aheadMs, notice: control && noticeOf(control.control) });
  }

  const offs = [
    stopReporter.off,
    manoeuvreReporter.off,
    broker.on("welcome", greet),
    broker.on("lost", () => put({ type: "signallingLost" })),
    broker.on("over", () => put({ type: "sessionEnded" })),
    broker.on("frame", (frame) => {
      if (frame.type === "stop") {
        const { session, by, key } = frame;
        put({ type: "stopOrdered", press: pressOf("frame", session, key), session, by });
      }
      if (frame.type === "control.changed") put({ type: "noticed", notice: noticeOf(frame.control, frame.because === "released") });
    }),
  ];
  // A stop that could not be written when it came into force, as by the program before this one, is written once it can be.
  if (options.isStopped) writeLatch?.(true);
  const greeting = broker.greeting();
  if (greeting) greet(greeting);
  if (broker.isOver()) put({ type: "sessionEnded" });

  function open(session: ClientSessionId, channels: Channels): () => void {
    count += 1;
    const pair = count;
    pairs.set(pair, { session, channels });
    let verifying = 0;

    async function permitShown(permit: string): Promise<void> {
      if (verifying >= verifyingMost) return;
      verifying += 1;
      const verified = await verifyPermit(await keys, permit);
      verifying -= 1;
      if (pairs.has(pair)) put({ type: "permitShown", pair, session, permit: verified });
    }

    function close(): void {
      if (pairs.delete(pair)) put({ type: "channelsClosed", pair });
    }

    const isCommand = createJudge(declaration, () => log({ event: "guard.undeclared", session }));
    const stop = (way: Way, { key }: { readonly key?: string | undefined }) =>
      put({ type: "stopOrdered", press: pressOf(way, session, key), session });

    channels.events.onmessage = ({ data }) => {
      const message = pairs.has(pair) ? read(ToRobot, data) : undefined;
      if (message?.type === "permit") void permitShown(message.permit);
      else if (message?.type === "stop") stop("events", message);
      else if (message?.type === "resume") put({ ...message, type: "resumed", pair });
      else if (message?.type === "clock") put({ ...message, type: "clockSampled", pair });
    };
    channels.control.onmessage = ({ data }) => {
      const message = pairs.has(pair) ? read(OnControl, data) : undefined;
      if (!message) return;
      if (!("type" in message)) {
        if (isCommand(message.command)) put({ ...message, type: "commanded", pair });
      } else if (message.type === "stop") stop("control", message);
      else writeNews(channels.control, { type: "pong", ...(message.t0 !== undefined && { t0: message.t0, at: clock.now() }) }); // R30, R33
    };
    channels.events.onclose = close;
    channels.control.onclose = close;
    const join = () => {
      if (!pairs.has(pair)) return;
      if (declaration) write(channels.events, { type: "declaration", declaration }); // R35
      put({ type: "channelsOpened", pair });
    };
    channels.events.onopen = join;
    if (channels.events.readyState === "open") join();
    return close;
  }

  return {
    open,
    join(peer, pc) {
      const client = ClientSessionId.safeParse(peer);
      if (!client.success) return () => {};
      let close = () => {};
      const ignore = takeChannels(pc, (channels) => {
        close = open(client.data, channels);
      });
      return () => {
        ignore();
        close();
      };
    },
    stop: () => put({ type: "stopOrdered" }),
    telemetry: (telemetry) => everyone({ type: "telemetry", telemetry }, writeNews),
    picture({ ageMs, ...picture }) {
      put({ type: "pictureAnnounced" });
      everyone({ type: "picture", ...picture, takenAt: clock.now() - ageMs }, writeNews);
    },
    close() {
      for (const off of offs.splice(0)) off();
      put({ type: "sessionEnded" });
      return ended;
    },
    get moving() {
      return driven.state().state.state === "driving";
    },
    get holder() {
      const { state } = driven.state();
      if (state.state !== "armed" && state.state !== "driving") return undefined;
      return { session: state.holder.session, epoch: state.holder.epoch };
    },
  };
}

/** A key is its session's own: nobody can have another's stop taken for one that has come. */
function pressOf(way: Way, session: ClientSessionId | undefined, key: string | undefined): On<"stopOrdered">["press"] {
  return session !== undefined && key !== undefined ? { name: `${session} ${key}`, way, isOnce: key.startsWith(oncePrefix) } : undefined;
}
