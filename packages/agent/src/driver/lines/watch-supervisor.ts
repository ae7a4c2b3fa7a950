import type { FromAgent } from "../../supervisor/wire.ts";

/**
 * How long, in ms, the supervisor may leave a beat unanswered while the robot may move, and while it stands. One that takes longer hangs or
 * was stopped: no stop reaches the driver any more, and no signal that the supervisor is asked to send.
 */
export const supervisorMs = { moving: 1_000, standing: 10_000 } as const;
/** A beat that comes so long after the one before, in ms, means that this process stood still: the supervisor may have, too. */
const lateMs = 500;

type Env = {
  readonly clock: { now(): number };
  /** Calls `run` once all input that has arrived is read. */
  readonly onceRead: (run: () => void) => void;
  /** Called for a supervisor that hangs, with each beat again. */
  readonly hung: () => void;
};

/** Notices a supervisor that hangs, by its answers to this process's beats. */
export function watchSupervisor({ clock, onceRead, hung }: Env) {
  let isStarted = false;
  /** When the oldest beat that has no answer yet was sent, and when the last one was. */
  let askedAt: number | undefined;
  let beatAt = clock.now();
  let [commanded, stopping, stopped] = [0, 0, 0];

  function check(): void {
    if (askedAt === undefined) return;
    const mayMove = commanded > stopped;
    if (clock.now() - askedAt >= supervisorMs[mayMove ? "moving" : "standing"]) hung();
  }

  return {
    /** The driver was spawned. Until then the supervisor may wait for the driver of the run before, and reads nothing. */
    started(): void {
      isStarted = true;
    },
    heard(): void {
      askedAt = undefined;
    },
    sent(line: FromAgent): void {
      if (line.type === "message" && line.kind === "command") commanded = line.id;
      if (line.type === "message" && line.kind === "stop") stopping = line.id;
      if (line.type !== "beat" || !isStarted) return;
      const now = clock.now();
      askedAt = now - beatAt > lateMs ? now : (askedAt ?? now);
      beatAt = now;
      onceRead(check);
    },
    /** The driver has answered this message and every one before it. */
    done(id: number): void {
      if (stopping <= id) stopped = Math.max(stopped, stopping);
    },
  };
}
