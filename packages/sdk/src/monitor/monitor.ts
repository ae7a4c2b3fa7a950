import { type FrameSeen, monitorFeature } from "@tether/protocol/frame/monitor";
import type { Broker } from "../session/broker.ts";
import { createEmitter, type Emitter } from "../session/emitter.ts";

/** The events of a monitor by their names. */
export type MonitorEvents = {
  /** Someone at the robot sent a frame: sender, recipient, kind, size in bytes, and outcome; never its content. In no order. */
  seen: Omit<FrameSeen, "type">;
  /** Tells that this end began or ceased to be told of frames. Frames that are sent while it is not told are never told later. */
  changed: { readonly isOn: boolean };
};

/** Frames at the robot, for its owners: on a session that attached with `monitor: true`. */
export type Monitor = Pick<Emitter<MonitorEvents>, "on"> & {
  /** False while the connection is away, where the user is no owner or is none any more, and where as many as may monitor do. */
  readonly isOn: boolean;
};

export function createMonitor(broker: Pick<Broker, "on">): Monitor {
  const { on, emit } = createEmitter<MonitorEvents>();
  let isOn = false;

  function become(now: boolean): void {
    if (isOn === now) return;
    isOn = now;
    emit("changed", { isOn });
  }

  broker.on("welcome", ({ features }) => become(features.includes(monitorFeature)));
  broker.on("lost", () => become(false));
  broker.on("over", () => become(false));
  broker.on("frame", (frame) => {
    if (frame.type === "monitor.ended") become(false);
    if (frame.type !== "frame.seen") return;
    const { type: _, ...seen } = frame;
    emit("seen", seen);
  });
  return {
    on,
    get isOn() {
      return isOn;
    },
  };
}
