import { causes } from "@tether/protocol/cause";
import type { Evidence } from "@tether/protocol/timeline";

/** How the place where evidence is shown writes times. */
export type Format = { readonly duration: (ms: number) => string; readonly instant: (at: number) => string };

const names: Readonly<Record<string, string>> = {
  kid: "Key",
  role: "Role",
  to: "To",
  from: "From",
  reason: "Reason",
  instance: "Instance",
  lastSeenAt: "Last sure sign of life",
  closeCode: "Close code",
  found: "Found out",
  awayFor: "Away because",
  takeovers: "Take-overs",
  reached: "Reached the robot",
  replaces: "In place of key",
  rival: "The other instance",
  since: "Drove since",
  status: "Exit status",
  during: "Hung during",
  times: "Times",
  offline: "Offline already",
  concluded: "Concluded",
  latencyMs: "Stood after",
  slow: "Slowing down",
  slowMs: "Slowed down for",
  stop: "Stopping",
  stopMs: "Stopped in",
  safe: "Making safe",
  safeMs: "Made safe in",
};

/** In ms, from 2001 on: such a number is an instant, whatever it is called. */
const instantsFrom = 1e12;

/** The facts that support an entry of the timeline, as a person reads them: `…Ms` is a length of time, `…At` an instant. Sorted by name. */
export function evidenceRows(evidence: Evidence | undefined, format: Format): { name: string; value: string }[] {
  const rows = Object.entries(evidence ?? {}).map(([key, value]) => ({
    name: names[key] ?? spelled(key),
    value: valueText(key, value, format),
  }));
  // The store returns the facts in any order.
  return rows.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function valueText(key: string, value: Evidence[string], { duration, instant }: Format): string {
  if (typeof value === "number" && key.endsWith("Ms")) return duration(value);
  if (typeof value === "number" && (value >= instantsFrom || key.endsWith("At") || key.endsWith("Since"))) return instant(value);
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (key === "role") return capitalized(String(value));
  if (key === "found" && value === "asked") return "by asking the gateway";
  if (key === "awayFor" && Object.hasOwn(causes, String(value))) return causes[value as keyof typeof causes].says.replace(/\.$/, "");
  return String(value);
}

/** `connectionAgeMs` → “Connection age”. */
function spelled(key: string): string {
  const words = key
    .replace(/(Ms|At)$/, "")
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();
  return capitalized(words);
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
