import type { Evidence } from "@tether/protocol/timeline";
import { duration } from "../format/duration.ts";
import { instant } from "../format/instant.ts";
import { roleWords } from "../format/role.ts";

const names: Readonly<Record<string, string>> = {
  kid: "Key",
  role: "Role",
  to: "To",
  from: "From",
  reason: "Reason",
  instance: "Instance",
  lastSeenAt: "Last seen",
  closeCode: "Close code",
  found: "Found out",
  awayFor: "Away because of",
  takeovers: "Take-overs",
  reached: "Reached the robot",
  replaces: "In place of key",
};

/** The facts that support an entry, as a person reads them: `…Ms` is a length of time, `…At` an instant. */
export function evidenceRows(evidence: Evidence | undefined): { name: string; value: string }[] {
  return Object.entries(evidence ?? {}).map(([key, value]) => ({ name: names[key] ?? spelled(key), value: textOf(key, value) }));
}

function textOf(key: string, value: Evidence[string]): string {
  if (typeof value === "number" && key.endsWith("Ms")) return duration(value);
  if (typeof value === "number" && (key.endsWith("At") || key.endsWith("Since"))) return instant(value);
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (key === "role" && (value === "owner" || value === "operator" || value === "viewer")) return roleWords[value].name;
  return String(value);
}

/** `connectionAgeMs` → “Connection age”. */
function spelled(key: string): string {
  const words = key
    .replace(/(Ms|At)$/, "")
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
