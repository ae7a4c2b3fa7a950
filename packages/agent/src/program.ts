import { explainFailures } from "@tether/program/explain-failure";
import type { Files } from "@tether/program/files";
import { createSay } from "@tether/program/say";
import { createSkewNotice } from "@tether/program/skew";
import type { Streams } from "@tether/program/streams";
import type { Platform } from "@tether/sdk/robot";
import { enroll } from "./command/enroll.ts";
import { rotate } from "./command/rotate.ts";
import { run } from "./command/run.ts";
import { status } from "./command/status.ts";
import type { Outcome, World } from "./command/world.ts";
import { type Environment, readConfig } from "./config.ts";
import { codeOf, exits, isTrouble } from "./exit.ts";
import { help, type Options, readOptions } from "./options.ts";

/** What the program is started with, and in. */
export type Start = Pick<World, "input" | "stopped" | "process" | "openDriver" | "attend"> & {
  readonly argv: readonly string[];
  readonly variables: Environment;
  readonly home: string;
  readonly streams: Streams;
  readonly platform: Platform;
  readonly files: Files;
};

/** The whole program. Resolves with the exit code. */
export async function program(start: Start): Promise<number> {
  const { argv, streams } = start;
  const options = readOptions(argv);
  if (options === "help") {
    streams.out(help);
    return exits.done.code;
  }
  const say = createSay(streams, { json: isTrouble(options) ? argv.includes("--json") : options.json, codeOf });
  const outcome = isTrouble(options) ? options : await obey({ ...start, say }, options);
  if (outcome === "done") return exits.done.code;
  if ("status" in outcome) {
    say.event(outcome.says, { event: "driver.ended", status: outcome.status });
    return exits.driver.code;
  }
  say.trouble(outcome);
  return exits[outcome.exit].code;
}

async function obey(start: Start & Pick<World, "say">, options: Options): Promise<Outcome> {
  try {
    const config = await readConfig(start, options.settings, options.config);
    return isTrouble(config) ? config : await execute({ ...start, platform: explainedFor(start), config }, options);
  } catch (error) {
    // The disk, nearly always: full, read-only, or not ours to touch.
    const says = error instanceof Error ? error.message : String(error);
    return { exit: "failed", code: "internal", says, remedy: "Look at that file and its disk, and try again." };
  }
}

/** Each drop is told with its cause, and a clock that is off is told of once. */
function explainedFor({ platform, say }: Start & Pick<World, "say">): Platform {
  const onClock = createSkewNotice((words, aheadMs) => say.event(words, { event: "clock", aheadMs }));
  return { ...platform, fetch: explainFailures({ ...platform, onClock }) };
}

function execute(world: World, { command, args, again, retireNow }: Options): Promise<Outcome> {
  const [first = "", second] = args;
  if (command === "enroll") return enroll(world, { url: second === undefined ? undefined : first, code: second ?? first, again });
  if (command === "rotate") return rotate(world, { retireNow });
  return command === "run" ? run(world) : status(world);
}
