import { parseArgs } from "node:util";
import { nearest } from "@tether/program/nearest";
import { KeyId } from "@tether/protocol/id";
import { commands } from "./command/all.ts";
import type { Command, Invocation } from "./command/command.ts";
import { type Trouble, usage } from "./exit.ts";
import { type FlagName, flags } from "./flag.ts";
import { formOf } from "./help.ts";

/** A command line that was understood. Help without a command lists all commands. */
export type Options =
  | { readonly help: true; readonly command?: Command | undefined }
  | (Invocation & { readonly help: false; readonly command: Command });

/** Reads the command line. Error messages never quote it, because any part of it may be a token that was pasted by mistake. */
export function readOptions(argv: readonly string[]): Options | Trouble {
  const parsed = parse(argv);
  if (!parsed) return usage("An option is unknown, or its value is missing.", remedyFor(argv));
  const { values, positionals } = parsed;
  const command = commands.find(({ words }) => words.split(" ").every((word, at) => positionals[at] === word));
  if (values.help) return { help: true, command };
  if (!command) return positionals.length === 0 ? usage("The command is missing.") : usage("The command is unknown.", meant(positionals));
  const args = positionals.slice(command.words.split(" ").length);
  const write = `Write: tether ${formOf(command)}`;
  const allowed = new Set<string>([...(command.flags ?? []), "json"]);
  if (Object.keys(values).some((name) => !allowed.has(name))) return usage("This command does not take that option.", write);
  const wanted = command.usage?.split(" ") ?? [];
  if (args.length < wanted.filter((part) => !part.startsWith("[")).length) return usage("An argument is missing.", write);
  if (args.length > wanted.length) return usage("There are too many arguments.", write);
  return { help: false, command, args, flags: values };
}

/** The remedy for a command that there is not: what may be meant instead, in our words alone. */
function meant([first = "", second = ""]: readonly string[]): string | undefined {
  const split = commands.map(({ words }) => words.split(" "));
  const firsts = [...new Set(split.map(([word = ""]) => word))];
  const word = firsts.includes(first) ? first : nearest(first, firsts);
  if (word === undefined) return undefined;
  const seconds = split.filter((words) => words[0] === word).flatMap((words) => words.slice(1));
  const found = seconds.includes(second) ? second : nearest(second, seconds);
  if (seconds.length > 0 && found === undefined) return `Write one of: ${seconds.map((one) => `tether ${word} ${one}`).join(", ")}.`;
  return `Did you mean tether ${[word, ...(found === undefined ? [] : [found])].join(" ")}?`;
}

/** The remedy for an option that there is not. */
function remedyFor(argv: readonly string[]): string | undefined {
  const names = argv.flatMap((arg) => /^--([^=]+)/.exec(arg)?.[1] ?? []);
  const unknown = names.find((name) => !Object.hasOwn(flags, name));
  const near = unknown === undefined ? undefined : nearest(unknown, Object.keys(flags));
  return near === undefined ? undefined : `Did you mean --${near}? See tether --help.`;
}

function parse(argv: readonly string[]): { values: { [name in FlagName]?: string | boolean }; positionals: string[] } | undefined {
  // A key's id may begin with a hyphen, and such an id must not be read as an option.
  const mark = "\0";
  const args = argv.map((arg) => (arg.startsWith("-") && KeyId.safeParse(arg).success ? `${mark}${arg}` : arg));
  try {
    const { values, positionals } = parseArgs({ args, options: flags, allowPositionals: true });
    return { values, positionals: positionals.map((arg) => arg.replace(mark, "")) };
  } catch {
    return undefined;
  }
}
