import type { Actor } from "@tether/protocol/actor";
import type { ToOperator } from "@tether/protocol/control";
import { ClientSessionId } from "@tether/protocol/id";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { drive, type Work } from "../../machine/drive.ts";
import type { Broker, Greeting } from "../../session/broker.ts";
import { type Channels, takeChannels, write, writeNews } from "../channel.ts";
import { importKeys, type Keys, verifyPermit } from "../permit.ts";
import { earlyStop, hearClient } from "./client-channels.ts";
import { nextDeadline } from "./deadline.ts";
import type { Effect, Event, Happening } from "./event.ts";
import { createGive } from "./give.ts";
import { createLatchWriter } from "./latch.ts";
import { next } from "./machine.ts";
import { createManoeuvreReporter } from "./manoeuvre-reporter.ts";
import { noticeOf } from "./notice.ts";
import type { Guard, GuardOptions } from "./options.ts";
import { holderOf, type Outcome, outcome } from "./outcome.ts";
import { pressOf } from "./press.ts";
import { initial } from "./state.ts";
import { createStopReporter } from "./stop-reporter.ts";
import { carryOut, wait } from "./work.ts";

export type { Guard, GuardOptions } from "./options.ts";

export type GuardEnv = { readonly robot: string; readonly broker: Broker; readonly clock: Clock; readonly log: Log };

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
      const { known, reason, ending } = state;
      const { manoeuvre = {}, stop } = options;
      const failed = () => log({ event: "guard.stop-failed", reason });
      return [carryOut(works, { turn: known.turn, reason, ending, manoeuvre, stop, failed })];
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
      const [holder, former] = [holderOf(state), holderOf(before)];
      if (holder?.epoch !== former?.epoch)
        hook("holder", () => options.onHolder?.(holder && { session: holder.session, epoch: holder.epoch }));
      for (const effect of effects) perform(effect);
      if (state.state === "ended") resolveEnded();
    },
  });

  const stopReporter = createStopReporter(broker, options.isStopped ?? false);
  const manoeuvreReporter = createManoeuvreReporter(broker, clock);

  /** The end that gave a stop or a resume, as far as this end can say. */
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
    const verify = async (permit: string) => verifyPermit(await keys, permit);
    const closed = () => {
      pairs.delete(pair);
      put({ type: "channelsClosed", pair });
    };
    return hearClient({ clock, log, declaration, verify, put, closed }, { pair, session }, channels);
  }

  return {
    open,
    join(peer, pc) {
      const client = ClientSessionId.safeParse(peer);
      if (!client.success) return () => {};
      let close = () => {};
      const take = (channels: Channels) => {
        close = open(client.data, channels);
      };
      const ignore = takeChannels(pc, take, (way, data) => {
        const stop = earlyStop(client.data, way, data);
        if (stop) put(stop);
        return stop !== undefined;
      });
      return () => {
        ignore();
        close();
      };
    },
    stop: () => put({ type: "stopOrdered" }),
    fail: () => put({ type: "driverFailed" }),
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
    get isHeld() {
      return holderOf(driven.state().state) !== undefined;
    },
  };
}
