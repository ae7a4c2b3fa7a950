import { beatMs } from "../../supervisor/supervise.ts";
import type { FromAgent } from "../../supervisor/wire.ts";
import { createUnanswered } from "../../unanswered.ts";

/**
 * How long, in ms, the supervisor may leave a beat unanswered while the robot may move, and while it stands. One that takes longer hangs or
 * was stopped: no stop reaches the driver any more, and no signal that the supervisor is asked to send.
 */
export const supervisorMs = { moving: 1_000, still: 10_000 } as const;

type Env = {
  readonly clock: { now(): number };
  /** Calls `run` once all input that has arrived is read. */
  readonly onceRead: (run: () => void) => void;
  /** Called for a supervisor that hangs, with each beat again. */
  readonly hung: () => void;
};

/** Notices a supervisor that hangs, by its answers to this process's beats. */
export function watchSupervisor({ clock, onceRead, hung }: Env) {
  const beats = createUnanswered(clock, beatMs);
  let isStarted = false;
  let [commanded, stopping, stopped] = [0, 0, 0];

  function check(): void {
    const mayMove = commanded > stopped;
    if (beats.silentMs >= supervisorMs[mayMove ? "moving" : "still"]) hung();
  }

  return {
    /** The driver was spawned. Until then the supervisor may wait for the driver of the run before, and reads nothing. */
    started(): void {
      isStarted = true;
    },
    heard: beats.answered,
    sent(line: FromAgent): void {
      if (line.type === "message" && line.kind === "command") commanded = line.id;
      if (line.type === "message" && line.kind === "stop") stopping = line.id;
      if (line.type !== "beat" || !isStarted) return;
      beats.asked();
      onceRead(check);
    },
    /** The driver has answered this message and every one before it. */
    done(id: number): void {
      if (stopping <= id) stopped = Math.max(stopped, stopping);
    },
  };
}
