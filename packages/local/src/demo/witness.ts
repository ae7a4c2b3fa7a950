import type { Clock } from "../clock/clock.ts";
import type { Report } from "../simulated/end.ts";

/** Keeps what one end reported, in order, and lets the story wait for a report. */
export interface Witness {
  readonly reports: Report[];
  readonly report: (report: Report) => void;
  /** Resolves with the first report from now on, or since `after`, that fits. Rejects after 30 s, naming what did not come. */
  until(what: string, fits: (report: Report) => boolean, after?: number): Promise<Report>;
}

export function createWitness(clock: Clock, name: string): Witness {
  const reports: Report[] = [];
  const waiting = new Set<(report: Report) => void>();
  return {
    reports,
    report(report) {
      reports.push(report);
      for (const tell of [...waiting]) tell(report);
    },
    until(what, fits, after = reports.length) {
      const known = reports.slice(after).find(fits);
      if (known) return Promise.resolve(known);
      return new Promise((resolve, reject) => {
        const cancel = clock.after(30_000, () => {
          waiting.delete(tell);
          reject(new Error(`${name}: ${what} did not come within 30 s`));
        });
        const tell = (report: Report) => {
          if (!fits(report)) return;
          waiting.delete(tell);
          cancel();
          resolve(report);
        };
        waiting.add(tell);
      });
    },
  };
}
