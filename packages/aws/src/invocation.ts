import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "@tether/core/clock";

/** Ids, codes and counts; never bodies, tickets, tokens, keys or SDP. */
export type Line = Record<string, string | number | boolean | undefined>;

export type Level = "error" | "warn" | "info" | "debug";

/** Takes one structured line; CloudWatch reads what a Lambda prints. */
export type Log = (line: Line & { level: Level; event: string }) => void;

/** What one invocation asked of the store and of the gateway. */
type Counts = { store: number; posts: number };

/** Counts per invocation, also where many run in one process, as they do outside Lambda. */
const running = new AsyncLocalStorage<Counts>();

export function countStore(): void {
  const counts = running.getStore();
  if (counts) counts.store += 1;
}

export function countPost(): void {
  const counts = running.getStore();
  if (counts) counts.posts += 1;
}

/** Runs one invocation and writes its line. `work` fills in the line; what it throws is logged by name and thrown on. */
export async function invoke<Result>(
  env: { clock: Clock; log: Log },
  event: string,
  work: (line: Line) => Promise<Result>,
): Promise<Result> {
  const counts: Counts = { store: 0, posts: 0 };
  const line: Line = {};
  const started = env.clock.now();
  const finish = (level: Level) => env.log({ level, event, ...line, ...counts, ms: env.clock.now() - started });
  try {
    const result = await running.run(counts, () => work(line));
    finish("info");
    return result;
  } catch (error) {
    line.error = error instanceof Error ? error.name : typeof error;
    finish("error");
    throw error;
  }
}
