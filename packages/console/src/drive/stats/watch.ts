import type { Drive } from "@tether/sdk/client";
import type { Clock } from "@tether/sdk/clock";
import { type Reading, read } from "./report.ts";
import { between, type RobotReport, type Sample } from "./sample.ts";

const everyMs = 1_000;
/** The robot tells once a second, while it obeys this end; what is older than this is no longer so. */
const reportValidMs = 2_500;

type Env = {
  readonly clock: Clock;
  readonly pc: { getStats(): Promise<{ values(): Iterable<unknown> }> } | undefined;
  readonly control: Pick<Drive, "on">;
  readonly take: (sample: Sample) => void;
};

/** Takes a sample now and every second, until what it returns is called. What cannot be had in time is not known. */
export function watch({ clock, pc, control, take }: Env): () => void {
  let before: Reading | undefined;
  let reported: { readonly at: number; readonly by: RobotReport } | undefined;
  let isAsking = false;
  let isOver = false;
  let cancel = () => {};

  const off = control.on("robot", (by) => {
    reported = { at: clock.now(), by };
  });

  function put(now: Reading | undefined): void {
    if (isOver) return;
    take(between(before, now, reported && clock.now() - reported.at <= reportValidMs ? reported.by : undefined));
    before = now ?? before;
  }

  async function ask(from: NonNullable<Env["pc"]>): Promise<void> {
    isAsking = true;
    const report = await from.getStats().catch(() => undefined);
    isAsking = false;
    put(report && read(report.values()));
  }

  function look(): void {
    cancel = clock.after(everyMs, look);
    if (pc && !isAsking) void ask(pc);
    else put(undefined);
  }

  look();
  return () => {
    isOver = true;
    cancel();
    off();
  };
}
