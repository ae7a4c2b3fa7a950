import { isGap, type Line } from "./line.ts";
import { commonKinds, isRobot, kindWord, nameOf, verdictWord } from "./words.ts";

/** The filter of the log; `all` leaves nothing out. */
export type Filter = {
  readonly kind: "all" | (typeof commonKinds)[number] | "other";
  readonly direction: "all" | "from-robot" | "from-people";
  readonly verdict: "all" | "posted" | "undelivered" | "refused";
  readonly text: string;
};

export const everything: Filter = { kind: "all", direction: "all", verdict: "all", text: "" };

export function isEverything({ kind, direction, verdict, text }: Filter): boolean {
  return kind === "all" && direction === "all" && verdict === "all" && text.trim() === "";
}

/** The lines that are looked at. A time in which nothing could be seen is always one: what it hides could be anything. */
export function matching(lines: readonly Line[], filter: Filter, robot: string): readonly Line[] {
  return isEverything(filter) ? lines : lines.filter((line) => matches(line, filter, robot));
}

function matches(line: Line, { kind, direction, verdict, text }: Filter, robot: string): boolean {
  if (isGap(line)) return true;
  if (kind !== "all" && (kind === "other" ? commonKinds.some((known) => known === line.kind) : line.kind !== kind)) return false;
  if (direction !== "all" && isRobot(line.from) !== (direction === "from-robot")) return false;
  // A frame that the broker answered itself counts as taken, like one that it posted.
  if (verdict !== "all" && (line.verdict.outcome === "done" ? "posted" : line.verdict.outcome) !== verdict) return false;
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return true;
  const { from, to, verdict: judged } = line;
  const { word, more = "" } = verdictWord(line);
  const code = judged.outcome === "refused" ? judged.code : "";
  const searched = [nameOf(from, robot), nameOf(to, robot), from.session, to?.session, line.kind, kindWord(line.kind), word, more, code];
  const all = searched.join(" ").toLowerCase();
  return words.every((one) => all.includes(one));
}
