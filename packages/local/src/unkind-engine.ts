import type { Clock } from "./clock/clock.ts";
import type { RequestTime } from "./clock/request-time.ts";
import { createCapacity } from "./engine/capacity.ts";
import { type Counting, createCounting } from "./engine/counting.ts";
import { type Engine, startEngine } from "./engine/engine.ts";
import type { Meter } from "./engine/meter.ts";
import type { Faults } from "./fault/faults.ts";
import { fateByFaults } from "./fault/store.ts";
import { createTable } from "./table.ts";
import type { Turn } from "./turn.ts";

type Options = {
  readonly realClock: Clock;
  readonly time: RequestTime;
  readonly faults: Faults;
  /** With it requests come one at a time, and none meets another. */
  readonly turn?: Turn;
  readonly dataDir?: string;
  /** An endpoint to use in place of the engine that comes along. */
  readonly dynamodb?: string;
  readonly meter?: Meter;
};

/** The engine with its table, behind what treats requests as DynamoDB does. */
export interface UnkindEngine extends Pick<Engine, "url" | "died" | "stop"> {
  readonly requests: Counting;
}

export async function startUnkindEngine(options: Options): Promise<UnkindEngine> {
  const { realClock: clock, time, faults, turn, dataDir, dynamodb, meter } = options;
  const engine: Pick<Engine, "url" | "stop" | "died"> = dynamodb
    ? { url: dynamodb, stop: async () => undefined, died: new Promise<never>(() => undefined) }
    : await startEngine({ clock, ...(dataDir && { dataDir }) });
  const { url, died } = engine;
  const requests = createCounting({
    clock,
    target: url,
    time,
    faultsInForce: fateByFaults(faults),
    lagging: { inForce: () => faults.find("store.stale") !== undefined, indexMs: () => faults.find("index.lag")?.ms },
    overlap: { holdMs: () => (turn ? undefined : faults.find("store.overlap")?.holdMs), met: () => faults.note("store.overlap") },
    capacity: createCapacity(
      time,
      () => faults.find("store.capacity"),
      () => faults.note("store.capacity"),
    ),
    meter,
  });
  try {
    await createTable(url);
  } catch (error) {
    // A process that nobody holds would outlive this one.
    requests.stop();
    await engine.stop();
    throw error;
  }
  return {
    url,
    died,
    requests,
    async stop() {
      requests.stop();
      await engine.stop();
    },
  };
}
