import { printable } from "./printable.ts";
import type { Streams } from "./streams.ts";
import type { Trouble } from "./trouble.ts";

type Facts = { readonly [fact: string]: unknown };

/** Prints for people (progress and trouble on stderr, results on stdout) or for programs (JSON on stdout, a document a line). */
export type Say = {
  /** Prints a step on the way, for people only. */
  progress(words: string): void;
  /** Prints an event, or something that the user must act on before there is a result. */
  event(words: string, facts: Facts): void;
  /** Prints the result of the command. */
  result(words: string, facts: Facts): void;
  trouble(trouble: Trouble): void;
};

/** `codeOf`: the exit code of each kind of trouble. */
export function createSay(
  { out, err }: Streams,
  { json, codeOf }: { readonly json: boolean; readonly codeOf: (exit: string) => number },
): Say {
  if (json) {
    const print = (facts: Facts) => out(JSON.stringify(facts));
    return {
      progress() {},
      event: (_, facts) => print(facts),
      result: (_, facts) => print(facts),
      trouble: ({ exit, code, says, remedy }) => print({ exit: codeOf(exit), code, says, remedy }),
    };
  }
  return {
    progress: (words) => err(lines(words)),
    event: (words) => err(lines(words)),
    result: (words) => out(lines(words)),
    trouble: ({ says, remedy }) => err(`${printable(says)}\n  ${printable(remedy)}`),
  };
}

/** Keeps line breaks, which only our own texts hold: a name goes through `printable` before it becomes part of a text. */
function lines(words: string): string {
  return words.split("\n").map(printable).join("\n");
}
