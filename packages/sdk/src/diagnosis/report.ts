import type { Outcome } from "./finding.ts";

type Line = { readonly title: string; readonly outcome: Outcome | undefined };

const words = { good: "OK", bad: "FAILED", skipped: "skipped" } as const;

/**
 * A diagnosis as text, to be pasted into a message: results, times, and what to do; no token, ticket or address of a person. `from` is
 * the browser or terminal that it was made in, `at` in ms since the Unix epoch.
 */
export function reportOf(lines: readonly Line[], about: { at: number; api: string; from: string }): string {
  const rows = lines.map(({ title, outcome }) => {
    if (!outcome) return `not run  ${title}`;
    const remedy = outcome.result === "bad" ? ` ${outcome.remedy}` : "";
    return `${words[outcome.result].padEnd(8)} ${title} (${Math.round(outcome.tookMs)} ms): ${outcome.says}${remedy}`;
  });
  return [`Tether diagnostics, ${new Date(about.at).toISOString()}`, `API ${about.api}`, `From ${about.from}`, "", ...rows, ""].join("\n");
}

/** The result of all checks in a sentence. A check that was skipped has not passed. */
export function summaryOf(outcomes: readonly Outcome[]): string {
  const count = (wanted: Outcome["result"]) => outcomes.filter(({ result }) => result === wanted).length;
  const [failed, skipped] = [count("bad"), count("skipped")];
  const untested = skipped === 0 ? "" : `; ${skipped} could not be tested`;
  return failed === 0
    ? `${outcomes.length - skipped} of ${outcomes.length} passed${untested}.`
    : `${failed} of ${outcomes.length} failed${untested}.`;
}
