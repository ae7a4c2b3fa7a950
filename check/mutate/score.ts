import type { Equivalent } from "./equivalent.ts";

/** The parts of Stryker's report that are read (mutation-testing-report-schema). */
type Mutant = {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: { readonly start: { readonly line: number } };
};
export type MutationReport = {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
};

/** A file's row in docs/mutation.md, with the day of the run that counted it. */
export type Score = {
  readonly file: string;
  readonly found: number;
  readonly missed: number;
  readonly equivalent: number;
  readonly day: string;
};
type Survivor = { readonly file: string; readonly line: number; readonly code: string; readonly by: string };
export type Counted = { readonly scores: Score[]; readonly survivors: Survivor[]; readonly stale: string[] };

const found = ["Killed", "Timeout"];
const missed = ["Survived", "NoCoverage"];

/**
 * Counts each file's mutants. A mutant that is named as equivalent counts for nothing, and a name is one mutant's alone; a name that no
 * survivor has is stale.
 */
export function count({ files }: MutationReport, equivalents: readonly Equivalent[], day: string): Counted {
  const survivors: Survivor[] = [];
  const used = new Set<Equivalent>();
  const scores = Object.entries(files).map(([file, { source, mutants }]): Score => {
    const lines = source.split("\n");
    const alive = mutants.filter(({ status }) => missed.includes(status));
    let equivalent = 0;
    for (const { mutatorName, replacement = "", location } of alive) {
      const code = lines[location.start.line - 1]?.trim() ?? "";
      const by = `${mutatorName}: ${replacement.replaceAll(/\s+/g, " ")}`;
      const named = equivalents.find((one) => !used.has(one) && one.file === file && code.includes(one.code) && by.startsWith(one.by));
      if (named === undefined) survivors.push({ file, line: location.start.line, code, by });
      else {
        used.add(named);
        equivalent++;
      }
    }
    return {
      file,
      found: mutants.filter(({ status }) => found.includes(status)).length,
      missed: alive.length - equivalent,
      equivalent,
      day,
    };
  });
  const stale = equivalents.filter((one) => one.file in files && !used.has(one)).map(({ file, code, by }) => `${file}: ${code} (${by})`);
  return { scores, survivors, stale };
}

/** Percent, rounded down: what is shown as 90 is at least 90. */
export function percent(scores: readonly Score[]): number {
  const sum = (of: "found" | "missed") => scores.reduce((total, score) => total + score[of], 0);
  const all = sum("found") + sum("missed");
  return all === 0 ? 100 : Math.floor((sum("found") / all) * 1000) / 10;
}
