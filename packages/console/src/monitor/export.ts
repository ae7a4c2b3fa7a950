import { isGap, type Line } from "./line.ts";
import { nameOf, verdictWord } from "./words.ts";

const written = (at: number) => new Date(at).toISOString();

/** Lines to be pasted into a message: one each, in columns that a spreadsheet reads. */
export function asText(lines: readonly Line[], robot: string): string {
  const rows = lines.map((line) => {
    if (isGap(line)) return `${written(line.gap.from)}\tnothing seen until ${written(line.gap.to)}`;
    const { word, more } = verdictWord(line);
    const verdict = more === undefined ? word : `${word}: ${more}`;
    return [written(line.at), nameOf(line.from, robot), nameOf(line.to, robot), line.kind, `${line.bytes} B`, verdict].join("\t");
  });
  return `${rows.join("\n")}\n`;
}

/** The same with ids and codes, for programs; instants both in ms and as RFC 3339 says them. */
export function asJson(lines: readonly Line[]): string {
  const entries = lines.map((line) => {
    const { n: _, ...rest } = line;
    return { time: written(isGap(line) ? line.gap.from : line.at), ...rest };
  });
  return `${JSON.stringify(entries, null, 2)}\n`;
}
