import { blank, lineOf } from "./blank.ts";
import { type File, isCode } from "./tree.ts";

/** The one place that writes transactions: it answers their parts by name. */
const home = "packages/core/src/store/transact.ts";

/** The emulator takes and asks what AWS's clients may. */
const emulator = "packages/local/src/engine/";

const rules: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/\bTransactGet\w*/g, "is cancelled by any write at one of its items; read with `readItems`"],
  [/\bTransactWrite(?!Items\b)\w*|\.transaction\b/g, "is read by position; write with `transact`"],
  [/(?:const|let)\s*\[[^=]*\]\s*=\s*(?:await\s+)?transact\s*\(/g, "reads a transaction by position; ask it by name"],
];

/** Transactions that are asked or answered by position. */
export function transaction(files: readonly File[]): string[] {
  return files
    .filter(({ path }) => isCode(path) && /^packages\/[^/]+\/src\//.test(path) && path !== home && !path.startsWith(emulator))
    .flatMap(({ path, text }) => {
      const code = blank(text);
      const outcomes = [...code.matchAll(/(?:const|let)\s+(\w+)\s*=\s*(?:await\s+)?transact\s*\(/g)].map(([, name]) => name);
      const positions = outcomes.map(
        (name) =>
          [
            new RegExp(`\\]\\s*=\\s*${name}\\b|(?<![.\\w$])${name}(?:\\[|\\.at\\s*\\()`, "g"),
            "reads a transaction by position; ask it by name",
          ] as const,
      );
      return [...rules, ...positions].flatMap(([pattern, why]) =>
        [...code.matchAll(pattern)].map((match) => `${path}:${lineOf(text, match.index)} \`${match[0].split("\n")[0]}\` ${why}.`),
      );
    });
}
