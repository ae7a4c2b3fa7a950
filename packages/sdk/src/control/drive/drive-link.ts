import { FromRobot } from "@tether/protocol/control";
import type { Declaration } from "@tether/protocol/declaration";
import { limits } from "@tether/protocol/limits";
import type { Clock } from "../../clock.ts";
import { drive, type Work } from "../../machine/drive.ts";
import type { Emitter } from "../../session/emitter.ts";
import { type Channels, read, write, writeNews } from "../channel.ts";
import { isDeclared } from "../guard/declared.ts";
import { best, keep, type Sample, sample } from "../samples.ts";
import type { Block } from "./block.ts";
import { blockOf, type Event, ends, type Happening, initial, next, type State, silentAt } from "./drive-link-machine.ts";
import type { DriveEvents } from "./events.ts";
import type { Holding } from "./holding.ts";
import { createPictures, type Looking, type Seen } from "./pictures.ts";
import { isOld, reportOf } from "./report.ts";
import type { StopInForce } from "./stop-in-force.ts";

type Env = {
  readonly clock: Clock;
  readonly emit: Emitter<DriveEvents>["emit"];
  readonly permit: () => Pick<Holding, "epoch" | "permit"> | undefined;
  /** The robot needs a fresh permit. */
  readonly permitWanted: () => void;
  /** The answer of `block` may have changed. */
  readonly changed: () => void;
};

/** The ways to the robot: straight, and by the broker. */
export type Ways = { readonly channel: boolean; readonly broker: boolean };

export type DriveLink = {
  /** Takes the channels with the robot. Calling what it returns gives them up. */
  open(channels: Channels): () => void;
  /** Shows the permit at hand. R11 */
  show(): void;
  /** Whether there was a channel to say it on. */
  stop(said: { readonly key: string; readonly reason?: string }): boolean;
  resume(): void;
  /** Sends a command, or says that the one before has not left yet, or that the robot did not declare what it names. */
  command(command: unknown, looking?: Looking): "busy" | "undeclared" | undefined;
  /** The robot's declaration of itself, if it made one. */
  declaration(): Declaration | undefined;
  /** When a picture was taken, by the robot's clock. */
  takenAt(seen: Seen): number | undefined;
  ageMs(takenAt: number): number | undefined;
  blindMs(takenAt: number): number | undefined;
  /** Why the robot would not obey. */
  block(): Block | undefined;
  state(): State["state"];
  stopInForce(): StopInForce | undefined;
  /** How the robot does, by its last word. */
  robot(): DriveEvents["robot"] | undefined;
};

/** Runs the operator's end of the channels with the robot: its work is to ask whether the robot is there, and to notice where it is not. */
export function createDriveLink({ clock, emit, permit, permitWanted, changed }: Env): DriveLink {
  let link: Channels | undefined;
  /** The highest number of a command in an epoch. */
  let sent = { epoch: 0, seq: 0 };
  let robot: DriveEvents["robot"] | undefined;
  let declaration: Declaration | undefined;
  const pictures = createPictures();
  let samples: readonly Sample[] = [];

  const put = (happening: Happening) => linked.tell({ ...happening, at: clock.now() });

  const pinging = ({ pair }: State): Work<Event> => ({
    key: `ping:${pair}`,
    begin() {
      let cancel = () => {};
      const ping = () => {
        cancel = clock.after(limits.control.pingMs, ping);
        if (link) writeNews(link.control, { type: "ping", t0: clock.now() }); // R30, R33
      };
      ping();
      return () => cancel();
    },
  });

  const waiting = (due: number): Work<Event> => ({
    key: `due:${due}`,
    begin(tell) {
      let cancel = () => {};
      const arm = () => {
        cancel = clock.after(Math.max(0, due - clock.now()), () => {
          const at = clock.now();
          if (at >= due) tell({ type: "due", at });
          else arm();
        });
      };
      arm();
      return () => cancel();
    },
  });

  function worksOf(state: State): Work<Event>[] {
    if (state.state === "live") return [pinging(state), waiting(silentAt(state))];
    return state.state === "silent" ? [pinging(state)] : [];
  }

  const linked = drive<State, Event>({
    initial,
    next,
    worksOf,
    changed(state, before) {
      if (state.state !== before.state) emit("link", { state: state.state });
      if (state.stop !== before.stop) emit("order", { stop: state.stop });
      changed();
    },
  });

  function show(): void {
    const held = permit();
    if (!held || !link || !write(link.events, { type: "permit", permit: held.permit })) return;
    put({ type: "permitShown", epoch: held.epoch });
  }

  function listen(from: Channels, message: FromRobot): void {
    const endsControl = message.type === "stopped" && ends(linked.state(), message.reason);
    put({ type: "heard", report: reportOf(message, permit()?.epoch ?? 0) });
    switch (message.type) {
      case "accepted": {
        const { epoch, seq } = message;
        sent = epoch === sent.epoch ? { epoch, seq: Math.max(seq, sent.seq) } : { epoch, seq }; // R4
        emit("accepted", { epoch });
        break;
      }
      case "refused": {
        const { epoch, reason } = message;
        if (isOld(message, permit()?.epoch ?? 0)) break;
        if (reason === "permit.over" || reason === "signalling.away") permitWanted();
        emit("refused", { epoch, reason });
        break;
      }
      case "renew":
        permitWanted();
        break;
      case "stopped": {
        const { type: _, ...stopped } = message;
        if (endsControl && stopped.reason !== "epoch") permitWanted(); // R11
        emit("stopped", stopped);
        break;
      }
      case "picture":
        pictures.hear(message);
        emit("picture", { stream: message.stream, takenAt: message.takenAt });
        break;
      case "pong":
        if (message.t0 !== undefined && message.at !== undefined) samples = keep(samples, sample(message.t0, message.at, clock.now()));
        break;
      case "clock":
        write(from.events, { type: "clock", t0: message.t0, t1: clock.now() });
        break;
      case "state": {
        const { type: _, ...state } = message;
        robot = state;
        emit("robot", state);
        break;
      }
      case "telemetry":
        emit("telemetry", message.telemetry);
        break;
      case "declaration":
        declare(message.declaration);
    }
    changed();
  }

  function declare(declared: Declaration | undefined): void {
    declaration = declared;
    emit("declaration", { declaration });
  }

  function open(channels: Channels): () => void {
    link = channels;
    if (declaration) declare(undefined);
    pictures.clear();
    samples = [];
    put({ type: "channelsMade" });
    const ready = () => {
      if (link !== channels || channels.events.readyState !== "open" || channels.control.readyState !== "open") return;
      put({ type: "channelsOpened" });
      show();
    };
    const close = () => {
      if (link !== channels) return;
      link = undefined;
      robot = undefined;
      put({ type: "channelsClosed" });
    };
    for (const channel of [channels.events, channels.control]) {
      channel.onopen = ready;
      channel.onclose = close;
      channel.onmessage = ({ data }) => {
        const message = link === channels ? read(FromRobot, data) : undefined;
        if (message) listen(channels, message);
      };
    }
    ready();
    return close;
  }

  return {
    open,
    show,
    stop(said) {
      if (!link) return false;
      const { control, events } = link;
      // R7: a message lost before it delays it on the reliable channel, and one lost itself is gone on the other.
      return [control, events].filter((channel) => write(channel, { type: "stop", ...said })).length > 0;
    },
    resume() {
      const [held, { stop }] = [permit(), linked.state()];
      if (!held || !link || stop === undefined) return;
      const seq = sent.epoch === held.epoch ? sent.seq : 0;
      write(link.events, { type: "resume", epoch: held.epoch, stop: stop.number, seq });
    },
    takenAt: pictures.takenAt,
    ageMs(takenAt) {
      const measured = best(samples, clock.now());
      return measured && Math.max(0, clock.now() + measured.offsetMs - takenAt);
    },
    blindMs(takenAt) {
      const now = clock.now();
      const measured = best(samples, now);
      return measured && Math.max(0, now + measured.offsetMs + measured.roundTripMs / 2 - takenAt);
    },
    command(command, { pictureAt } = {}) {
      const { epoch, seq } = sent;
      if (declaration && !isDeclared(declaration, command)) return "undeclared"; // R36
      // R13
      const looking = pictureAt === undefined ? {} : { pictureAt };
      if (!link || link.control.bufferedAmount > 0) return "busy";
      if (!write(link.control, { epoch, seq: seq + 1, sentAt: clock.now(), ...looking, command })) return "busy";
      sent = { epoch, seq: seq + 1 };
      return undefined;
    },
    block: () => blockOf(linked.state(), permit()?.epoch, clock.now()),
    state: () => linked.state().state,
    stopInForce: () => linked.state().stop,
    robot: () => robot,
    declaration: () => declaration,
  };
}
