import { parseArgs } from "node:util";
import { KeyId } from "@tether/protocol/id";
import { commands } from "./command/all.ts";
import type { Asked, Command } from "./command/command.ts";
import { type Trouble, usage } from "./exit.ts";
import { type FlagName, flags } from "./flag.ts";
import { formOf } from "./help.ts";

/** Without a command, help on all of them was asked for. */
export type Options =
  | { readonly help: true; readonly command?: Command | undefined }
  | (Asked & { readonly help: false; readonly command: Command });

/** Reads the command line. Trouble never quotes who wrote it, as they may have written a token anywhere. */
export function readOptions(argv: readonly string[]): Options | Trouble {
  const parsed = parse(argv);
  if (!parsed) return usage("There is an option that is unknown, or lacks its value.");
  const { values, positionals } = parsed;
  const command = commands.find(({ words }) => words.split(" ").every((word, at) => positionals[at] === word));
  if (values.help) return { help: true, command };
  if (!command) return usage(positionals.length === 0 ? "There is no command." : "There is no such command.");
  const args = positionals.slice(command.words.split(" ").length);
  const write = `Write: tether ${formOf(command)}`;
  const allowed = new Set<string>([...(command.flags ?? []), "json"]);
  if (Object.keys(values).some((name) => !allowed.has(name))) return usage("This command does not take that option.", write);
  const wanted = command.usage?.split(" ") ?? [];
  if (args.length < wanted.filter((part) => !part.startsWith("[")).length) return usage("Something is missing.", write);
  if (args.length > wanted.length) return usage("That is too much.", write);
  return { help: false, command, args, flags: values };
}

function parse(argv: readonly string[]): { values: { [name in FlagName]?: string | boolean }; positionals: string[] } | undefined {
  // A key's id may begin with a hyphen and is no option then.
  const mark = "\0";
  const args = argv.map((arg) => (arg.startsWith("-") && KeyId.safeParse(arg).success ? `${mark}${arg}` : arg));
  try {
    const { values, positionals } = parseArgs({ args, options: flags, allowPositionals: true });
    return { values, positionals: positionals.map((arg) => arg.replace(mark, "")) };
  } catch {
    return undefined;
  }
}
