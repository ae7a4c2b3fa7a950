import { createPublicKey, type KeyObject, sign } from "node:crypto";
import { type Level, levels } from "./case.ts";
import type { CaseResult } from "./judge.ts";

/** A line for each clause of a case. */
export function linesOf({ outcome, clauses, says, why, ms }: CaseResult): string {
  const mark = { passed: "ok    ", failed: "FAILED", skipped: "skip  " }[outcome];
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

const escaped = (text: string) => text.replace(/[<>&"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

export function junitOf(results: readonly CaseResult[]): string {
  const rows = results.map(({ level, clauses, says, outcome, why = "", ms }) => {
    const inner = { passed: "", failed: `<failure message="${escaped(why)}"/>`, skipped: `<skipped message="${escaped(why)}"/>` }[outcome];
    return `  <testcase classname="tether.${level}" name="${escaped(`${says} [${clauses.join(", ")}]`)}" time="${ms / 1_000}">${inner}</testcase>`;
  });
  const failed = results.filter(({ outcome }) => outcome === "failed").length;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="tether conform" tests="${results.length}" failures="${failed}">\n${rows.join("\n")}\n</testsuite>\n`;
}

type Run = {
  readonly command: string;
  readonly version: string;
  readonly at: number;
  readonly results: readonly CaseResult[];
  readonly key: KeyObject;
};

/** The result of a run, signed by the run's key (a JWS of typ `tether-conformance`), with that key's public part beside it. */
export function certificateOf({ command, version, at, results, key }: Run): object {
  const jwk = createPublicKey(key).export({ format: "jwk" });
  const told = results.map(({ level, clauses, outcome, ms }) => ({ level, clauses, outcome, ms }));
  const claims = { command, protocol: 1, version, at, level: levelOf(results), results: told };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${part({ alg: "EdDSA", typ: "tether-conformance", jwk })}.${part(claims)}`;
  return { claims, jws: `${input}.${sign(null, Buffer.from(input), key).toString("base64url")}`, key: jwk };
}
