import { blank, lineOf } from "./blank.ts";
import { importsOf } from "./import.ts";
import { type File, isCode } from "./tree.ts";

/** The only sources that may reach for time, chance or the console, and why. A folder ends in `/`. */
const edges: Readonly<Record<string, string>> = {
  "packages/agent/src/driver/frame/machine-clock.ts": "the clock that a driver's process and the agent's share",
  "packages/aws/src/ambient.ts": "the clock and the randomness of a Lambda, handed to all that runs in it",
  "packages/local/src/clock/real.ts": "the machine's own clock, handed to all that runs on it",
  "packages/local/src/identity/keys.ts": "makes keys and a cookie secret where none are kept; they must never repeat",
  "packages/local/src/start.ts": "the randomness of the machine, and secrets for a system that has none",
  "packages/sdk/src/platform.ts": "the real clock, timers and randomness of a browser or Node, handed to every end",
};

/** The only tests that may call `setTimeout`, and why. */
const timedTests: Readonly<Record<string, string>> = {};

const bare = (names: string) =>
  new RegExp(`(?:(?<![.\\w$]|\\btypeof\\s)|\\b(?:globalThis|window|self)\\.)(?:${names})\\b(?!\\s*\\??:)`, "g");

const ambient: readonly RegExp[] = [
  /\bDate\.now\b/g,
  /\bnew Date\b(?!\s*\(\s*[^\s)])/g,
  /(?<![.\w$])(?<!new\s+)Date\s*\(/g,
  /\bMath\.random\b/g,
  /\bperformance\.now\b/g,
  /\bprocess\.hrtime\b/g,
  /\bcrypto\.(?:randomUUID|getRandomValues)\b/g,
  bare("setTimeout|setInterval|randomUUID|randomBytes|randomInt|randomFillSync|getRandomValues"),
  /(?<![\w$])console\s*\./g,
];

const timers = /^(node:)?timers(\/promises)?$/;

/** Time, chance and printing outside the files that are made for it, and tests that sleep. */
export function ambience(files: readonly File[], allowed = edges, timed = timedTests): string[] {
  const code = files.filter(({ path }) => isCode(path));
  const sources = code.filter(({ path }) => /^packages\/[^/]+\/src\//.test(path));
  const tests = code.filter(({ path }) => /^packages\/[^/]+\/test\//.test(path));
  return [
    ...sources.filter(({ path }) => !covered(path, allowed)).flatMap((file) => uses(file, ambient, "is ambient; take it as an argument")),
    ...tests.filter(({ path }) => !covered(path, timed)).flatMap((file) => uses(file, [bare("setTimeout")], "sleeps; use a virtual clock")),
    ...unused([...Object.keys(allowed), ...Object.keys(timed)], files),
  ];
}

function covered(path: string, table: Readonly<Record<string, string>>): boolean {
  return Object.keys(table).some((entry) => (entry.endsWith("/") ? path.startsWith(entry) : path === entry));
}

function uses({ path, text }: File, patterns: readonly RegExp[], why: string): string[] {
  const code = blank(text);
  const found = new Map<string, number>();
  for (const pattern of patterns)
    for (const match of code.matchAll(pattern)) {
      const line = lineOf(text, match.index);
      found.set(`${path}:${line} \`${match[0].replace(/\s*[.(]$/, "").trim()}\` ${why}.`, line);
    }
  for (const { name, line } of importsOf(text))
    if (name !== undefined && timers.test(name)) found.set(`${path}:${line} \`${name}\` ${why}.`, line);
  return [...found].sort(([, a], [, b]) => a - b).map(([finding]) => finding);
}

function unused(entries: readonly string[], files: readonly File[]): string[] {
  return entries
    .filter((entry) => !files.some(({ path }) => (entry.endsWith("/") ? path.startsWith(entry) : path === entry)))
    .map((entry) => `${entry} is listed in check/ambient.ts but is not there.`);
}
