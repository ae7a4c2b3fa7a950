import { type Case, type Level, levels } from "./case.ts";

/** Clauses about how a robot behaves towards its operators. Of the others a robot has its part alone, and the broker the rest. */
const families = /^- \*\*([RWV]\d+(?:\.\d+)?)\*\*/gm;

/** The clauses of SPEC about driving, peer connections and cameras that no case judges, in SPEC's order. */
export function unjudged(spec: string, cases: readonly Case[]): readonly string[] {
  const judged = new Set(cases.flatMap(({ clauses }) => clauses));
  return [...spec.matchAll(families)].flatMap(([, clause = ""]) => (judged.has(clause) ? [] : [clause]));
}

type Listed = Pick<Case, "clauses" | "says">;

/** The list of cases, a line each. */
export function casesOf(cases: Readonly<Record<Level, readonly Listed[]>>): string {
  return levels
    .flatMap((level) => cases[level].map(({ clauses, says }) => `${level.padEnd(8)} ${clauses.join(" ").padEnd(18)} ${says}`))
    .join("\n");
}

export function lastLine(spec: string, cases: readonly Case[]): string {
  return `Of the clauses on driving, peer connections and cameras no case judges ${unjudged(spec, cases).join(", ")}.`;
}
