import type { Control, StopReason, ToOperator } from "@tether/protocol/control";
import { Command, ToRobot } from "@tether/protocol/control";
import { ClientSessionId, type RobotId } from "@tether/protocol/id";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { drive, type Work } from "../../machine/drive.ts";
import type { Broker, Greeting } from "../../session/broker.ts";
import { type Channels, type Joins, read, takeChannels, write, writeNews } from "../channel.ts";
import { importKeys, type Keys, verify } from "../grant.ts";
import type { Effect, Event, Happening, Obeyed, Word } from "./event.ts";
import { dueAt } from "./lapse.ts";
import { next } from "./machine.ts";
import { type Outcome, still } from "./outcome.ts";
import { initial } from "./state.ts";

export type GuardOptions = {
  /** Obeys a command, at once. What it throws stops the robot. */
  readonly onCommand: (command: unknown, obeyed: Obeyed) => void;
  /** Stops the robot; over when it stands. Where it rejects it is called again until it does not, and nothing is obeyed meanwhile. */
  readonly stop: (reason: StopReason) => void | Promise<void>;
  /** The robot stands. `latencyMs`: since the reason for it was known. */
  readonly onStop?: (reason: StopReason, measured: { readonly latencyMs: number }) => void;
  /** Whether a stop by order is in force from before, as when the program was started again: it holds until the holder resumes. R18 */
  readonly isStopped?: boolean;
  /** A stop by order came into force, or its holder resumed: to be remembered beyond the program. */
  readonly onOrder?: (isStopped: boolean) => void;
};

/** Stands between all operators and the robot's driver. In doubt the robot stops. */
export interface Guard extends Joins {
  /** Takes the channels with a client. Calling what it returns gives them up. */
  open(client: ClientSessionId, channels: Channels): () => void;
  /** Stops the robot as a stop by order does: it holds until the holder resumes. */
  stop(): void;
  /** Tells every client, but for those whose channel is behind. */
  telemetry(telemetry: unknown): void;
  /** Stops the robot for good; resolves once it stands. */
  close(): Promise<void>;
  /** Whether it obeyed a command and was not stopped since. */
  readonly moving: boolean;
  /** Who may drive it now. */
  readonly holder: { readonly session: ClientSessionId; readonly epoch: number } | undefined;
}

export type GuardEnv = { readonly robot: RobotId; readonly broker: Broker; readonly clock: Clock; readonly log: Log };

/** How soon a driver that could not stop is told again, in ms. R10 */
const againMs = 100;
/** Grants of one channel whose signatures are looked at at a time; the next are dropped. */
const verifyingMost = 4;

type Link = { readonly session: ClientSessionId; readonly channels: Channels };

/** Runs the guard's machine: its work is the driver's stop and the next deadline, its effects are commands and messages. */
export function createGuard(env: GuardEnv, options: GuardOptions): Guard {
  const { robot, broker, clock, log } = env;
  const links = new Map<number, Link>();
  const ended = Promise.withResolvers<void>();
  let count = 0;
  let keys: Promise<Keys> = Promise.resolve([]);

  const stamp = (happening: Happening): Event => ({ ...happening, at: clock.now() });
  const put = (happening: Happening) => driven.tell(stamp(happening));

  function carryOut(turn: number, reason: StopReason): Work<Event> {
    return {
      key: `stop:${turn}`,
      begin(emit) {
        let cancel = () => {};
        const attempt = async () => {
          try {
            await options.stop(reason);
            emit(stamp({ type: "carried", turn }));
          } catch {
            log({ event: "guard.stop-failed", reason });
            cancel = clock.after(againMs, () => void attempt());
          }
        };
        void attempt();
        return () => cancel();
      },
    };
  }

  /** A timer may fire a little early: it then waits for the rest. */
  function wait(due: number): Work<Event> {
    return {
      key: `due:${due}`,
      begin(emit) {
        let cancel = () => {};
        const arm = () => {
          cancel = clock.after(Math.max(0, due - clock.now()), () => (clock.now() >= due ? emit(stamp({ type: "due" })) : arm()));
        };
        arm();
        return () => cancel();
      },
    };
  }

  function worksOf({ state }: Outcome): Work<Event>[] {
    if (state.state === "stopping") return [carryOut(state.known.turn, state.reason)];
    const due = dueAt(state);
    return due === Number.POSITIVE_INFINITY ? [] : [wait(due)];
  }

  function everyone(message: ToOperator, how = write): void {
    for (const { channels } of links.values()) how(channels.events, message);
  }

  function perform(effect: Effect): void {
    if (effect.type === "tell") {
      const link = links.get(effect.link);
      if (link) write(link.channels.events, effect.message);
    } else if (effect.type === "command") {
      try {
        options.onCommand(effect.command, effect.obeyed);
      } catch {
        log({ event: "guard.command-failed", epoch: effect.obeyed.epoch });
        put({ type: "failed" });
      }
    } else {
      const { reason, latencyMs, stop } = effect;
      everyone({ type: "stopped", reason, latencyMs, ...(stop !== undefined && { stop }) });
      hook(reason, () => options.onStop?.(reason, { latencyMs }));
    }
  }

  /** What goes wrong in one is no reason to leave the robot moving. */
  function hook(about: string, run: () => void): void {
    try {
      run();
    } catch {
      log({ event: "guard.hook-failed", about });
    }
  }

  const driven = drive<Outcome, Event>({
    initial: still(initial(robot, options.isStopped)),
    next(before, event) {
      const after = next(before.state, event);
      return after.state === before.state && after.effects.length === 0 ? before : after;
    },
    worksOf,
    changed({ state, effects }, { state: before }) {
      if (state.state !== before.state) {
        const why = state.state === "stopping" ? { reason: state.reason } : {};
        log({ event: `guard.${state.state}`, epoch: state.known.fence.epoch, ...why });
      }
      const { latched } = state.known.order;
      if (latched !== before.known.order.latched) hook("order", () => options.onOrder?.(latched));
      for (const effect of effects) perform(effect);
      if (state.state === "ended") ended.resolve();
    },
  });

  function greet({ aheadMs, control }: Greeting): void {
    if (control?.keys) keys = importKeys(control.keys);
    put({ type: "welcomed", serverTime: clock.now() + aheadMs, word: control && wordOf(control.control) });
  }

  const offs = [
    broker.on("welcome", greet),
    broker.on("lost", () => put({ type: "lost" })),
    broker.on("over", () => put({ type: "left" })),
    broker.on("frame", (frame) => {
      if (frame.type === "stop") put({ type: "ordered", press: pressOf(frame.session, frame.key) });
      if (frame.type === "control.changed") put({ type: "told", word: wordOf(frame.control, frame.because === "released") });
    }),
  ];
  const greeting = broker.greeting();
  if (greeting) greet(greeting);
  if (broker.isOver()) put({ type: "left" });

  function open(session: ClientSessionId, channels: Channels): () => void {
    count += 1;
    const link = count;
    links.set(link, { session, channels });
    let verifying = 0;

    async function show(grant: string): Promise<void> {
      if (verifying >= verifyingMost) return;
      verifying += 1;
      const verified = await verify(await keys, grant);
      verifying -= 1;
      if (links.has(link)) put({ type: "shown", link, session, grant: verified });
    }

    function close(): void {
      if (links.delete(link)) put({ type: "closed", link });
    }

    channels.events.onmessage = ({ data }) => {
      const message = links.has(link) ? read(ToRobot, data) : undefined;
      if (message?.type === "grant") void show(message.grant);
      else if (message?.type === "stop") put({ type: "ordered", press: pressOf(session, message.key) });
      else if (message?.type === "resume") put({ ...message, type: "resumed", link });
      else if (message?.type === "clock") put({ ...message, type: "sampled", link });
    };
    channels.control.onmessage = ({ data }) => {
      const command = links.has(link) ? read(Command, data) : undefined;
      if (command) put({ ...command, type: "commanded", link });
    };
    channels.events.onclose = close;
    channels.control.onclose = close;
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
    stop: () => put({ type: "ordered" }),
    telemetry: (telemetry) => everyone({ type: "telemetry", telemetry }, writeNews),
    close() {
      for (const off of offs.splice(0)) off();
      put({ type: "left" });
      return ended.promise;
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
function pressOf(session: ClientSessionId | undefined, key: string | undefined): string | undefined {
  return session !== undefined && key !== undefined ? `${session} ${key}` : undefined;
}

function wordOf({ epoch, holder }: Control, released = false): Word {
  return { epoch, session: holder?.session, released };
}
