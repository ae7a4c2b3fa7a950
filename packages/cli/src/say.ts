import { exits, type Trouble } from "./exit.ts";
import { plain } from "./plain.ts";

type Facts = { readonly [fact: string]: unknown };

/** For people: progress and trouble on stderr, results on stdout. For machines: JSON on stdout, a line each. */
export type Say = {
  /** A step on the way, for people only. */
  progress(words: string): void;
  /** Something to act on before there is a result. */
  event(words: string, facts: Facts): void;
  /** What was asked for. */
  result(words: string, facts: Facts): void;
  trouble(trouble: Trouble): void;
};

export type Streams = { out(line: string): void; err(line: string): void };

export function createSay({ out, err }: Streams, { json }: { readonly json: boolean }): Say {
  if (json) {
    const print = (facts: Facts) => out(JSON.stringify(facts));
    return {
      progress() {},
      event: (_, facts) => print(facts),
      result: (_, facts) => print(facts),
      trouble: ({ exit, code, says, remedy }) => print({ exit: exits[exit].code, code, says, remedy }),
    };
  }
  return {
    progress: err,
    event: err,
    result: out,
    trouble: ({ says, remedy }) => err(`${plain(says)}\n  ${plain(remedy)}`),
  };
}
