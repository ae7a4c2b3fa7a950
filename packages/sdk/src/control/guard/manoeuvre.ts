import type { StageResult, StopReason } from "@tether/protocol/control";
import type { Clock } from "../../clock.ts";

/** A stage is over when its promise is. One that takes longer than `withinMs`, or rejects, brings the next stage and goes on beside it. */
export type Stage = {
  readonly withinMs: number;
  /** Does what the stage is there for. `reason`: why valid control ended. */
  readonly run: (reason: StopReason) => void | Promise<void>;
};

/** The minimal-risk manoeuvre when valid control ends: the robot slows down, stops, and makes itself safe (brakes on, lights on). */
export type Manoeuvre = {
  readonly slow?: Stage | undefined;
  /** How long the guard's `stop` may take before `safe` begins beside it; 2 s unless told. */
  readonly stop?: Pick<Stage, "withinMs"> | undefined;
  readonly safe?: Stage | undefined;
};

const stopMs = 2_000;

/** After an order, and with a driver that does not obey, there is no time to slow down. */
const urgent: ReadonlySet<StopReason> = new Set(["stop", "leaving", "driver.failed"]);

/** `ending`: the robot's session ended while it was stopped for another reason. */
export function isUrgent(reason: StopReason, ending: boolean): boolean {
  return ending || urgent.has(reason);
}

type Env = {
  readonly clock: Clock;
  /** Resolves once the driver has stopped the robot, however often it must be told. */
  readonly stop: () => Promise<void>;
  /** Nothing more is to begin. */
  readonly isOver: () => boolean;
  /** There is no time to slow down. */
  readonly isUrgent: boolean;
};

/**
 * Runs the stages that are declared, in their order. Over when the robot stands, which the driver's stop alone says, and `safe` was
 * done or late. Where there is no stage before it the stop begins at once, before this returns. R26
 */
export async function runStages(
  { clock, stop, isOver, isUrgent }: Env,
  manoeuvre: Manoeuvre,
  reason: StopReason,
): Promise<readonly StageResult[]> {
  const { slow, safe } = manoeuvre;
  const passed: StageResult[] = [];

  async function within(stage: StageResult["stage"], withinMs: number, run: () => void | Promise<void>): Promise<void> {
    const began = clock.now();
    let cancel = () => {};
    const late = new Promise<"late">((resolve) => {
      cancel = clock.after(withinMs, () => resolve("late"));
    });
    const done = async () => {
      try {
        await run();
        return "done" as const;
      } catch {
        return "failed" as const;
      }
    };
    const became = await Promise.race([done(), late]);
    cancel();
    passed.push({ stage, became, tookMs: clock.now() - began });
  }

  if (slow && !isUrgent) await within("slow", slow.withinMs, () => slow.run(reason));
  if (!safe && !slow) {
    await stop();
    return passed;
  }
  const stopping = stop();
  await within("stop", manoeuvre.stop?.withinMs ?? stopMs, () => stopping);
  if (safe && !isOver()) await within("safe", safe.withinMs, () => safe.run(reason));
  await stopping;
  return passed;
}
