import { plain } from "./plain.ts";
import type { Streams } from "./streams.ts";
import type { Trouble } from "./trouble.ts";

type Facts = { readonly [fact: string]: unknown };

/** For people: progress and trouble on stderr, results on stdout. For machines: JSON on stdout, a line each. */
export type Say = {
  /** A step on the way, for people only. */
  progress(words: string): void;
  /** Something that happened, or that is to be acted on before there is a result. */
  event(words: string, facts: Facts): void;
  /** What was asked for. */
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
    trouble: ({ says, remedy }) => err(`${plain(says)}\n  ${plain(remedy)}`),
  };
}

/** Line breaks of our own stay; whoever puts a name into a text makes that plain first. */
function lines(words: string): string {
  return words.split("\n").map(plain).join("\n");
}
