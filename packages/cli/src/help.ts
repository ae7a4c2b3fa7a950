import { commands } from "./command/all.ts";
import type { Command } from "./command/command.ts";
import { exits } from "./exit.ts";
import { type FlagName, flagForm, flags } from "./flag.ts";

const rows = (table: readonly (readonly [string | number, string])[]) => {
  const width = Math.max(...table.map(([left]) => String(left).length)) + 2;
  return table.map(([left, right]) => `  ${String(left).padEnd(width)}${right}`).join("\n");
};

const flagRows = (names: readonly FlagName[]) => rows(names.map((name) => [flagForm(name), flags[name].says]));
const codes = rows(Object.values(exits).map(({ code, says }) => [code, says]));

/** The list of commands has room for this many options of each; the help of a command shows the rest. */
const fitting = 2;

/** A command as it is written, without what every command takes. */
export function formOf({ words, usage, flags: own = [] }: Command): string {
  const options = own.length > fitting ? ["[options]"] : own.map((name) => `[${flagForm(name)}]`);
  return [words, ...(usage ? [usage] : []), ...options].join(" ");
}

/** Help on one command. */
export function helpOn(command: Command): string {
  const { words, usage, says, about, flags: own = [] } = command;
  const more = about === undefined ? [] : [about];
  return [
    `Usage: tether ${[words, ...(usage ? [usage] : [])].join(" ")} [options]`,
    `${says[0]?.toUpperCase()}${says.slice(1)}.`,
    ...more,
    flagRows([...own, "json", "help"]),
    `Exit codes:\n${codes}`,
  ].join("\n\n");
}

export const help = (): string => `Usage: tether COMMAND [options]

${rows(commands.map((command) => [formOf(command), command.says]))}

ROBOT is an id, or a name that only one of your robots has. WHO is an e-mail address, email:ADDRESS or sub:SUBJECT.
ROLE is viewer, operator or owner. The sign-in is kept in $XDG_STATE_HOME/tether/sign-in.json (~/.local/state), for you alone to read.

${flagRows(["json", "help"])}

tether COMMAND --help says what each option is for.

Exit codes:
${codes}`;
