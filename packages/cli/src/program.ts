import { explainFailures } from "@tether/program/explain-failure";
import { isProxied } from "@tether/program/proxy";
import { createSay } from "@tether/program/say";
import type { Streams } from "@tether/program/streams";
import type { Context } from "./context.ts";
import { codeOf, exits, isTrouble, type Outcome, type Trouble } from "./exit.ts";
import { help, helpOn } from "./help.ts";
import { readOptions } from "./options.ts";

/** The command line and everything else from outside that a start of the program needs. */
export type Start = Omit<Context, "say"> & { readonly argv: readonly string[]; readonly streams: Streams };

/** The whole program. Resolves with the exit code. */
export async function program(start: Start): Promise<number> {
  const { argv, streams } = start;
  const options = readOptions(argv);
  const say = createSay(streams, { json: argv.includes("--json"), codeOf });
  if (!isTrouble(options) && options.help) {
    streams.out(options.command ? helpOn(options.command) : help());
    return exits.done.code;
  }
  const outcome = isTrouble(options)
    ? options
    : await attempt(() =>
        options.command.run(
          { ...start, fetch: explainFailures({ ...start, isProxied: (url) => isProxied(start.variables, url) }), say },
          options,
        ),
      );
  if (!isTrouble(outcome)) return exits[outcome].code;
  say.trouble(outcome);
  return exits[outcome.exit].code;
}

async function attempt(run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    // Nearly always the disk is at fault: it is full, read-only, or belongs to somebody else.
    const says = error instanceof Error ? error.message : String(error);
    return { exit: "failed", code: "internal", says, remedy: "Look at that file and its disk, and try again." } satisfies Trouble;
  }
}
