import { createPublicKey, type KeyObject, sign } from "node:crypto";
import { type Level, levels } from "./case.ts";
import type { CaseResult } from "./judge.ts";

/** A line for each clause of a case. */
export function linesOf({ outcome, clauses, says, why, ms }: CaseResult): string {
  const mark = { passed: "ok    ", failed: "FAILED", skipped: "skip  ", unjudged: "-     " }[outcome];
  return clauses.map((clause) => `${mark} ${clause.padEnd(5)} ${says} (${ms} ms)${why === undefined ? "" : `\n       ${why}`}`).join("\n");
}

/** The highest level of which, and of all below it, no case failed. */
export function levelOf(results: readonly CaseResult[]): Level | "none" {
  const isGood = (level: Level) => {
    const mine = results.filter((result) => result.level === level);
    return mine.length > 0 && mine.every(({ outcome }) => outcome !== "failed");
  };
  const firstBad = levels.findIndex((level) => !isGood(level));
  return levels.at(firstBad === -1 ? levels.length - 1 : firstBad - 1 < 0 ? levels.length : firstBad - 1) ?? "none";
}

/** Whether cases of the levels that were judged by could not be judged: the level that is reached is one in part. */
export const isPartial = (results: readonly CaseResult[]): boolean => results.some(({ outcome }) => outcome === "unjudged");

/** The last word on a run. */
export function summaryOf(results: readonly CaseResult[], isChosen: boolean): string {
  const count = (outcome: CaseResult["outcome"]) => results.filter((result) => result.outcome === outcome).length;
  const judged = results.length - count("unjudged");
  const left = isPartial(results) ? ` · ${count("unjudged")} not judged` : "";
  const level = `level ${levelOf(results)}${isPartial(results) ? ", in part" : ""}${isChosen ? " of the chosen cases" : ""}`;
  return `tether conform: ${judged - count("failed")} of ${judged} hold${left} · ${level}`;
}

const escaped = (text: string) => text.replace(/[<>&"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

export function junitOf(results: readonly CaseResult[]): string {
  const rows = results.map(({ level, clauses, says, outcome, why = "", ms }) => {
    const skipped = `<skipped message="${escaped(why)}"/>`;
    const inner = { passed: "", failed: `<failure message="${escaped(why)}"/>`, skipped, unjudged: skipped }[outcome];
    return `  <testcase classname="tether.${level}" name="${escaped(`${says} [${clauses.join(", ")}]`)}" time="${ms / 1_000}">${inner}</testcase>`;
  });
  const failed = results.filter(({ outcome }) => outcome === "failed").length;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="tether conform" tests="${results.length}" failures="${failed}">\n${rows.join("\n")}\n</testsuite>\n`;
}

type Run = {
  /** The program on trial by its command, or the robot that was judged where it runs. */
  readonly target: { readonly command: string } | { readonly robot: string; readonly api: string };
  readonly version: string;
  readonly at: number;
  readonly results: readonly CaseResult[];
  readonly key: KeyObject;
};

/** The result of a run, signed by the run's key (a JWS of typ `tether-conformance`), with that key's public part beside it. */
export function certificateOf({ target, version, at, results, key }: Run): object {
  const jwk = createPublicKey(key).export({ format: "jwk" });
  const rows = results.map(({ level, clauses, outcome, ms }) => ({ level, clauses, outcome, ms }));
  const partial = isPartial(results) && { partial: true };
  // Other members of the target stay out of the certificate: a token may be among them.
  const of = "command" in target ? { command: target.command } : { robot: target.robot, api: target.api };
  const claims = { ...of, protocol: 1, version, at, level: levelOf(results), ...partial, results: rows };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${part({ alg: "EdDSA", typ: "tether-conformance", jwk })}.${part(claims)}`;
  return { claims, jws: `${input}.${sign(null, Buffer.from(input), key).toString("base64url")}`, key: jwk };
}
