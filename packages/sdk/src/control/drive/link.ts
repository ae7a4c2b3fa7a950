import { type StopReason, ToOperator } from "@tether/protocol/control";
import type { Clock } from "../../clock.ts";
import type { Emitter } from "../../session/emitter.ts";
import { type Channels, read, write } from "../channel.ts";
import type { Block } from "./block.ts";
import type { DriveEvents } from "./events.ts";
import type { Holding } from "./holding.ts";

type Env = {
  readonly clock: Clock;
  readonly emit: Emitter<DriveEvents>["emit"];
  readonly grant: () => Pick<Holding, "epoch" | "grant"> | undefined;
  /** The robot needs a fresh grant. */
  readonly asked: () => void;
  /** What it answers to `block` may have changed. */
  readonly changed: () => void;
};

export type RobotLink = {
  /** Takes the channels with the robot. Calling what it returns gives them up. */
  open(channels: Channels): () => void;
  /** Shows the grant at hand. R11 */
  show(): void;
  /** Whether there was a channel to say it on. */
  stop(said: { readonly key: string; readonly reason?: string }): boolean;
  resume(): void;
  /** Sends a command, or says that the one before has not left yet. */
  command(command: unknown): "busy" | undefined;
  /** Why the robot would not obey. */
  block(): Block | undefined;
  /** How the robot does, by its last word. */
  robot(): DriveEvents["robot"] | undefined;
};

type Link = {
  readonly channels: Channels;
  /** The epoch the robot obeys on it, or why it does not. */
  standing: { readonly accepted: number } | "deciding" | "refused";
};

/** Stops after which the robot obeys no command in the epoch of before. */
const endings: ReadonlySet<StopReason> = new Set(["epoch", "grant.over", "signalling.away"]);

/** The operator's end of the channels with the robot. */
export function createRobotLink({ clock, emit, grant, asked, changed }: Env): RobotLink {
  let link: Link | undefined;
  /** The stop that waits for someone to resume. */
  let latch: number | undefined;
  /** The highest number of a command in an epoch. */
  let sent = { epoch: 0, seq: 0 };
  let robot: DriveEvents["robot"] | undefined;

  function show(): void {
    const shown = grant();
    if (!shown || !link || !write(link.channels.events, { type: "grant", grant: shown.grant })) return;
    if (typeof link.standing === "string" || link.standing.accepted !== shown.epoch) link.standing = "deciding";
  }

  function listen(from: Link, message: ToOperator): void {
    switch (message.type) {
      case "accepted": {
        const { epoch, seq, stop } = message;
        from.standing = { accepted: epoch };
        latch = stop;
        sent = epoch === sent.epoch ? { epoch, seq: Math.max(seq, sent.seq) } : { epoch, seq }; // R4
        emit("accepted", { epoch });
        break;
      }
      case "refused": {
        const { epoch, reason } = message;
        // One that is older than what it accepted since is no news.
        if (epoch !== 0 && epoch < (grant()?.epoch ?? 0)) break;
        from.standing = "refused";
        if (reason === "grant.over" || reason === "signalling.away") asked();
        emit("refused", { epoch, reason });
        break;
      }
      case "renew":
        asked();
        break;
      case "stopped": {
        const { reason, latencyMs, stop } = message;
        if (stop !== undefined) latch = stop;
        // One that drove is told by this alone. Where the robot obeys it anew, `accepted` follows.
        if (endings.has(reason) && typeof from.standing !== "string") {
          from.standing = "refused";
          if (reason !== "epoch") asked(); // R11
        }
        emit("stopped", { reason, latencyMs, ...(stop !== undefined && { stop }) });
        break;
      }
      case "latched": {
        const { stop, kept } = message;
        latch = stop;
        emit("latched", { stop, kept });
        break;
      }
      case "clock":
        write(from.channels.events, { type: "clock", t0: message.t0, t1: clock.now() });
        break;
      case "state": {
        const { type: _, ...state } = message;
        robot = state;
        latch = state.stop;
        emit("robot", state);
        break;
      }
      case "telemetry":
        emit("telemetry", message.telemetry);
    }
    changed();
  }

  function open(channels: Channels): () => void {
    const opened: Link = { channels, standing: "deciding" };
    link = opened;
    const ready = () => {
      if (link !== opened) return;
      show();
      changed();
    };
    const close = () => {
      if (link !== opened) return;
      link = undefined;
      robot = undefined;
      changed();
    };
    channels.events.onopen = ready;
    channels.control.onopen = changed;
    channels.events.onclose = close;
    channels.control.onclose = close;
    channels.events.onmessage = ({ data }) => {
      const message = link === opened ? read(ToOperator, data) : undefined;
      if (message) listen(opened, message);
    };
    ready();
    return close;
  }

  return {
    open,
    show,
    stop(said) {
      if (!link) return false;
      const { control, events } = link.channels;
      // R7: what was lost before it holds one of them up, and loses it on the other.
      return [control, events].filter((channel) => write(channel, { type: "stop", ...said })).length > 0;
    },
    resume() {
      const shown = grant();
      if (!shown || !link || latch === undefined) return;
      const seq = sent.epoch === shown.epoch ? sent.seq : 0;
      write(link.channels.events, { type: "resume", epoch: shown.epoch, stop: latch, seq });
    },
    command(command) {
      const { epoch, seq } = sent;
      // R13
      if (!link || link.channels.control.bufferedAmount > 0) return "busy";
      if (!write(link.channels.control, { epoch, seq: seq + 1, sentAt: clock.now(), command })) return "busy";
      sent = { epoch, seq: seq + 1 };
      return undefined;
    },
    block() {
      if (link?.channels.events.readyState !== "open" || link.channels.control.readyState !== "open") return "channel.closed";
      if (link.standing === "refused") return "robot.refused";
      if (link.standing === "deciding" || link.standing.accepted !== grant()?.epoch) return "robot.deciding";
      return latch === undefined ? undefined : "stopped";
    },
    robot: () => robot,
  };
}
