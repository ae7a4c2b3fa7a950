import { printable } from "@tether/program/printable";

/** Rows under their headings, each column as wide as its widest cell. */
export function columns(headings: readonly string[], rows: readonly (readonly (string | undefined)[])[]): string {
  const table = [headings, ...rows].map((row) => headings.map((_, at) => printable(row[at] ?? "-")));
  const widths = headings.map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
