import { sweep } from "@tether/core/sweep";
import type { Fault } from "../../../src/fault/fault.ts";
import { type Actions, nothing } from "./action.ts";

const second = 1_000;
const minute = 60 * second;

/** All faults that go with one request at a time, now and then. */
export const weather: readonly Fault[] = [
  { name: "disconnect.late", ms: 3 * minute, rate: 0.1 },
  { name: "disconnect.doubled", rate: 0.1 },
  { name: "disconnect.lost", rate: 0.15 },
  { name: "post.gone", rate: 0.01 },
  { name: "post.doubled", rate: 0.05 },
  { name: "management.throttled", rate: 0.01 },
  { name: "management.forbidden", rate: 0.005 },
  { name: "management.failing", rate: 0.01 },
  { name: "management.slow", ms: 400, rate: 0.02 },
  { name: "management.lost", rate: 0.01 },
  { name: "message.throttled", rate: 0.01 },
  { name: "lambda.cold", ms: 600, rate: 0.02 },
  { name: "sweep.overlapping", ms: 20, rate: 0.2 },
  { name: "sweep.late", ms: 90 * second, rate: 0.1 },
  { name: "sweep.doubled", rate: 0.2 },
  { name: "reorder.invoke", windowMs: 300 },
  { name: "reorder.post", windowMs: 300 },
  { name: "latency", minMs: 5, maxMs: 200 },
  { name: "store.throttled", rate: 0.02 },
  { name: "store.conflict", rate: 0.02 },
  { name: "store.failing", rate: 0.01 },
  { name: "store.cut", rate: 0.01 },
  { name: "store.lost", rate: 0.01 },
  { name: "store.stale", windowMs: second, rate: 0.3 },
  { name: "crash", rate: 0.003 },
];

const rates: Readonly<Partial<Record<Fault["name"], number>>> = {
  "store.throttled": 0.4,
  "store.failing": 0.2,
  "store.conflict": 0.2,
  "post.gone": 0.1,
  "management.throttled": 0.1,
  "management.failing": 0.1,
  crash: 0.05,
};

const storm = weather.map((fault) => ({ ...fault, ...(rates[fault.name] !== undefined && { rate: rates[fault.name] }) }) as Fault);

/** Actions that befall all ends at once. */
export const befalling: Actions = {
  "a second sweeper runs": {
    weight: 2,
    // The store may be out of reach: then what is due stays due.
    act: (stage) => sweep(stage.world.system.env).catch(() => undefined),
  },
  "a storm of faults": {
    weight: 1,
    act(stage) {
      const { faults } = stage.world.system;
      faults.set(storm);
      // Unless it is over altogether by then.
      stage.world.clock.after(40 * second, () => faults.list().length > 0 && faults.set(weather));
      return nothing;
    },
  },
};
