import { explainFailures } from "@tether/program/explain-failure";
import type { Files } from "@tether/program/files";
import { isProxied } from "@tether/program/proxy";
import { createSay } from "@tether/program/say";
import { createSkewNotice } from "@tether/program/skew";
import type { Streams } from "@tether/program/streams";
import type { Platform } from "@tether/sdk/robot";
import { doctor } from "./command/doctor.ts";
import { enroll } from "./command/enroll.ts";
import type { CommandEnv, Outcome } from "./command/env.ts";
import { rotate } from "./command/rotate.ts";
import { run } from "./command/run.ts";
import { status } from "./command/status.ts";
import { update } from "./command/update.ts";
import { type Environment, readConfig } from "./config.ts";
import { codeOf, exits, isTrouble } from "./exit.ts";
import { help, type Options, readOptions } from "./options.ts";

/** The command line and the environment in which the program runs. */
export type Start = Pick<
  CommandEnv,
  "input" | "stopped" | "process" | "openDriver" | "handleSession" | "installation" | "reach" | "examine" | "machine"
> & {
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
  const outcome = isTrouble(options) ? options : await runCommand({ ...start, say }, options);
  if (outcome === "done" || outcome === "unwell") return exits[outcome].code;
  if ("status" in outcome) {
    say.event(outcome.says, { event: "driver.ended", status: outcome.status });
    return exits.driver.code;
  }
  say.trouble(outcome);
  return exits[outcome.exit].code;
}

async function runCommand(start: Start & Pick<CommandEnv, "say">, options: Options): Promise<Outcome> {
  try {
    const config = await readConfig(start, options.settings, options.config);
    return isTrouble(config) ? config : await execute({ ...start, platform: explainedFor(start), config }, options);
  } catch (error) {
    // Nearly always the disk: full, read-only, or not accessible.
    const says = error instanceof Error ? error.message : String(error);
    return { exit: "failed", code: "internal", says, remedy: "Look at that file and its disk, and try again." };
  }
}

/** A platform whose network errors carry their cause, and that reports a wrong clock once. */
function explainedFor({ platform, variables, say }: Start & Pick<CommandEnv, "say">): Platform {
  const onClock = createSkewNotice((words, aheadMs) => say.event(words, { event: "clock", aheadMs }));
  return { ...platform, fetch: explainFailures({ ...platform, isProxied: (url) => isProxied(variables, url), onClock }) };
}

function execute(world: CommandEnv, { command, args, again, retireNow, force }: Options): Promise<Outcome> {
  const [first = "", second] = args;
  if (command === "enroll") return enroll(world, { url: second === undefined ? undefined : first, code: second ?? first, again });
  if (command === "rotate") return rotate(world, { retireNow });
  if (command === "doctor") return doctor(world);
  if (command === "update") return update(world, { force });
  return command === "run" ? run(world) : status(world);
}
