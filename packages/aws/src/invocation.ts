import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "@tether/core/clock";
import type { Transition } from "@tether/core/session";
import { embedded, isRevocation, type Metric, metricOf } from "./metric.ts";

/** Ids, codes and counts; never bodies, tickets, tokens, keys or SDP. */
export type Line = Record<string, string | number | boolean | undefined>;

export type Level = "error" | "warn" | "info" | "debug";

/** Takes one structured line; CloudWatch reads what a Lambda prints. `_aws` says which of its members are metrics. */
export type Log = (line: Line & { level: Level; event: string; _aws?: object }) => void;

/** The requests of one invocation to the store and to the gateway. */
type Counts = { store: number; posts: number };

/** The requests to the gateway that failed, and the last error's name; both are in the line only where there are any. */
type Failed = { gatewayFailed?: number; gatewayError?: string };

type Running = {
  readonly counts: Counts;
  readonly failed: Failed;
  readonly values: Map<Metric, number>;
  revoking: boolean;
  endedAt: number;
};

/** Counts per invocation, also where many run in one process, as they do outside Lambda. */
const running = new AsyncLocalStorage<Running>();

export function countStore(): void {
  const now = running.getStore();
  if (now) now.counts.store += 1;
}

export function countThrottle(): void {
  const now = running.getStore();
  if (now) now.values.set("Throttled", (now.values.get("Throttled") ?? 0) + 1);
}

export function countPost(): void {
  const now = running.getStore();
  if (now) now.counts.posts += 1;
}

/** A request to the gateway failed, by its error's name. */
export function countFailure(error: string): void {
  const now = running.getStore();
  if (now) Object.assign(now.failed, { gatewayFailed: (now.failed.gatewayFailed ?? 0) + 1, gatewayError: error });
}

/** A connection was closed, or a session fenced: what was revoked is so from now on. */
export function countClose(clock: Clock): () => void {
  return () => {
    const now = running.getStore();
    if (now) now.endedAt = clock.now();
  };
}

/** Counts a transition that was written; told of no other. */
export function noteTransition(clock: Clock): (entry: Transition) => void {
  return (entry) => {
    const now = running.getStore();
    const metric = metricOf(entry);
    if (!now || !metric) return;
    now.values.set(metric, (now.values.get(metric) ?? 0) + 1);
    if (!isRevocation(entry)) return;
    now.revoking = true;
    now.endedAt = clock.now();
  };
}

/** Puts a value of this invocation into its line. */
export function observe(metric: Metric, value: number): void {
  running.getStore()?.values.set(metric, value);
}

type Env = {
  readonly clock: Clock;
  readonly log: Log;
  /** Where metrics are counted; nowhere without it. */
  readonly namespace?: string | undefined;
  /** The metrics that are counted there; all unless told. */
  readonly counted?: ReadonlySet<Metric> | undefined;
};

/** Runs one invocation and writes its line; none where it went well and `isMute` says so. `work` fills in the line; what it throws is logged by name and thrown on. */
export async function invoke<Result>(
  env: Env,
  event: string,
  work: (line: Line) => Promise<Result>,
  isMute: (line: Line) => boolean = () => false,
): Promise<Result> {
  const started = env.clock.now();
  const now: Running = { counts: { store: 0, posts: 0 }, failed: {}, values: new Map(), revoking: false, endedAt: started };
  const line: Line = {};

  function finish(level: Level): void {
    const at = env.clock.now();
    // The sweeper ends what a revocation overlooked, long after; nobody asked it to just now.
    if (now.revoking && event === "request") now.values.set("RevocationLatency", now.endedAt - started);
    const { namespace, counted } = env;
    const values = new Map([...now.values].filter(([metric]) => counted?.has(metric) ?? true));
    const metrics = namespace && values.size > 0 ? embedded(namespace, values, at) : {};
    env.log({ level, event, ...line, ...now.counts, ...now.failed, ms: at - started, ...metrics });
  }

  try {
    const result = await running.run(now, () => work(line));
    if (!isMute(line)) finish("info");
    return result;
  } catch (error) {
    line.error = error instanceof Error ? error.name : typeof error;
    finish("error");
    throw error;
  }
}
