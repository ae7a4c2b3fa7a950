import { deadmanMs, tickMs } from "./bounds.ts";
import { dice } from "./dice.ts";
import { type Ending, run } from "./schedule.ts";

/** The same seed makes the same schedules. */
const seed = 20_261_127;

/** All endings of motion in so many schedules of faults. */
export function endingsIn(schedules: number): readonly Ending[] {
  const { begin, below } = dice();
  const endings: Ending[] = [];
  for (let n = 0; n < schedules; n += 1) {
    begin(seed + n);
    const numbers = Array.from({ length: 5 + below(26) }, () => below(2 ** 31 - 1));
    endings.push(...run(numbers).endings);
  }
  return endings;
}

/** The least that so large a share does not exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length, Math.ceil(sorted.length * share)) - 1] ?? Number.NaN;
}

const steps = [0, 50, 100, 200, 300, 400, 450, deadmanMs, deadmanMs + tickMs] as const;
const round = (ms: number) => String(Math.round(ms));

/** The table in docs/safety.md, written by `npm run safety`. */
export function histogram(schedules: number, endings: readonly Ending[]): string {
  const all = endings.map(({ ms }) => ms).sort((a, b) => a - b);
  const reasons = [...new Set(endings.map(({ reason }) => reason))].sort();
  const stretch = (from: number, to: number) => all.filter((ms) => (from === 0 ? ms >= 0 : ms > from) && ms <= to).length;
  const most = Math.max(...steps.slice(1).map((to, index) => stretch(steps[index] ?? 0, to)));
  const bars = steps.slice(1).map((to, index) => {
    const [from, count] = [steps[index] ?? 0, stretch(steps[index] ?? 0, to)];
    return `| ${from}–${to} | ${count} | ${"█".repeat(Math.ceil((count / most) * 30))} |`;
  });
  const beyond = all.filter((ms) => ms > deadmanMs + tickMs).length;
  const rows = reasons.map((reason) => {
    const ms = endings.filter((one) => one.reason === reason).map((one) => one.ms);
    const sorted = ms.sort((a, b) => a - b);
    return `| \`${reason}\` | ${ms.length} | ${round(quantile(sorted, 0.5))} | ${round(quantile(sorted, 0.9999))} | ${round(sorted.at(-1) ?? 0)} |`;
  });
  return [
    `${schedules.toLocaleString("en")} schedules (seed ${seed}), ${all.length.toLocaleString("en")} stops of a robot that moved; dead-man ${deadmanMs} ms, one tick ${tickMs} ms.`,
    "",
    "| ms | stops | |",
    "|---|---|---|",
    ...bars,
    `| more | ${beyond} | |`,
    "",
    "| Reason | stops | median ms | p99.99 ms | most ms |",
    "|---|---|---|---|---|",
    ...rows,
    `| all | ${all.length} | ${round(quantile(all, 0.5))} | ${round(quantile(all, 0.9999))} | ${round(all.at(-1) ?? 0)} |`,
  ].join("\n");
}
