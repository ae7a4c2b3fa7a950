import { parseArgs } from "node:util";
import { whatIsWrong } from "@tether/program/command-line";
import { nearest } from "@tether/program/nearest";
import { exits, type Trouble } from "./exit.ts";
import { camerasOf, settings } from "./settings.ts";

export const commands = {
  enroll: { form: "enroll [URL] CODE", says: "make a key and register it with a one-time code from the robot's owner", most: 2 },
  run: { form: "run", says: "keep the robot online, and rotate its key when due", most: 0 },
  rotate: { form: "rotate", says: "make a new key take the place of the current one now", most: 0 },
  update: { form: "update", says: "move to the version that the service has, once nobody drives; back if it is not online", most: 0 },
  doctor: { form: "doctor", says: "check every step from this robot to its service and its driver", most: 0 },
  status: { form: "status", says: "show the robot, its key, and the last state of run", most: 0 },
} as const;
export type Command = keyof typeof commands;

const flags = {
  api: { type: "string" },
  state: { type: "string" },
  p256: { type: "boolean" },
  driver: { type: "string" },
  camera: { type: "string", multiple: true },
  microphone: { type: "string" },
  speaker: { type: "string" },
  config: { type: "string" },
  json: { type: "boolean" },
  again: { type: "boolean" },
  "retire-now": { type: "boolean" },
  force: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** Options that only some commands take. */
const only: Readonly<Record<string, readonly Command[]>> = {
  again: ["enroll"],
  "retire-now": ["rotate"],
  force: ["update"],
  p256: ["enroll", "rotate"],
  driver: ["run", "doctor"],
  camera: ["run", "doctor"],
  microphone: ["run", "doctor"],
  speaker: ["run", "doctor"],
};

export type Options = {
  readonly command: Command;
  readonly args: readonly string[];
  readonly json: boolean;
  readonly config: string | undefined;
  readonly settings: {
    readonly api?: string;
    readonly state?: string;
    readonly algorithm?: "p-256";
    readonly driver?: string;
    readonly cameras?: ReturnType<typeof camerasOf>;
    readonly microphone?: { readonly source: string };
    readonly speaker?: { readonly sink: string };
  };
  readonly again: boolean;
  readonly retireNow: boolean;
  readonly force: boolean;
};

/** Reads the command line. `help`: the user asked for the help text. */
export function readOptions(argv: readonly string[]): Options | "help" | Trouble {
  const parsed = parse(argv);
  if ("exit" in parsed) return parsed;
  const { values, positionals } = parsed;
  const [name, ...args] = positionals;
  if (values.help) return "help";
  if (name === undefined) return usage("There is no command.");
  if (!isCommand(name)) {
    const near = nearest(name, Object.keys(commands));
    return usage(`There is no command “${name}”.${near === undefined ? "" : ` Did you mean ${near}?`}`);
  }
  const { form, most } = commands[name];
  const stray = Object.keys(values).find((flag) => only[flag]?.includes(name) === false);
  if (stray !== undefined) return usage(`${name} takes no --${stray}.`, form);
  if (args.length > most) return usage(`${name} takes no “${args[most]}”.`, form);
  if (name === "enroll" && args.length === 0) return usage("enroll needs a code.", form);
  const { api, state, p256, driver, camera, microphone, speaker, json = false, config, again = false, force = false } = values;
  return {
    command: name,
    args,
    json,
    config,
    settings: {
      ...(api !== undefined && { api }),
      ...(state !== undefined && { state }),
      ...(p256 && { algorithm: "p-256" }),
      ...(driver !== undefined && { driver }),
      ...(camera !== undefined && { cameras: camerasOf(camera) }),
      ...(microphone !== undefined && { microphone: { source: microphone } }),
      ...(speaker !== undefined && { speaker: { sink: speaker } }),
    },
    again,
    retireNow: values["retire-now"] ?? false,
    force,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: flags, allowPositionals: true });
  } catch (error) {
    return usage(whatIsWrong(error));
  }
}

function isCommand(name: string): name is Command {
  return Object.hasOwn(commands, name);
}

function usage(says: string, form?: string): Trouble {
  const written = form === undefined ? "" : `Write: tether-robot ${form}. `;
  return { exit: "usage", code: "arguments.invalid", says, remedy: `${written}See tether-robot --help.` };
}

const table = (rows: readonly (readonly [string | number, string])[]) =>
  rows.map(([left, right]) => `  ${String(left).padEnd(21)}${right}`).join("\n");

export const help = `Usage: tether-robot COMMAND [options]

${table(Object.values(commands).map(({ form, says }) => [form, says]))}

A CODE of “-” is read from standard input.

${table([
  ...Object.values(settings).map(({ flag, variable, says }) => [flag, `${says}; ${variable}`] as const),
  [
    "--config FILE",
    "JSON with api, state, algorithm, driver, cameras, microphone, speaker, robot ($XDG_CONFIG_HOME/tether/robot.json); TETHER_CONFIG",
  ],
  ["--again", "enroll: enroll a robot again that is enrolled already"],
  ["--retire-now", "rotate: the old key ends at once, without a day of overlap"],
  ["--force", "update: also to an older version, or to one that failed here before"],
  ["--json", "JSON on standard output, a document or a line for each event"],
  ["--help", "this text"],
  ["--version", "the version of this program, alone"],
])}

Flags take precedence over the environment, and that over the file.

Exit codes:
${table(Object.values(exits).map(({ code, says }) => [code, says]))}`;
