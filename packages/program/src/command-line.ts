import { parseArgs } from "node:util";

type Option = {
  readonly type: "string" | "boolean" | "number";
  readonly short?: string;
  /** The option may be given several times. */
  readonly multiple?: true;
  /** The only values that a text may have. */
  readonly oneOf?: readonly string[];
};

type ValueOf<Of extends Option> = Of extends { type: "boolean" }
  ? boolean
  : Of extends { type: "number" }
    ? number
    : Of extends { oneOf: readonly (infer Word)[] }
      ? Word
      : string;

type Values<Options extends Readonly<Record<string, Option>>> = {
  readonly [Name in keyof Options]?: Options[Name] extends { multiple: true } ? readonly ValueOf<Options[Name]>[] : ValueOf<Options[Name]>;
};

type Grammar<Options> = {
  readonly usage: string;
  /** `--help` is one of every command. */
  readonly options?: Options;
  /** How many arguments the command takes that are no options. */
  readonly most?: number;
};

/** The text of a command that does not do its work: its usage, because it was asked for (0) or was not kept to (2). */
export type Ended = { readonly exit: 0 | 2; readonly says: string };

type Read<Options extends Readonly<Record<string, Option>>> = { readonly values: Values<Options>; readonly args: readonly string[] };

/** Reads a command's arguments. A number is a whole one, and not negative. */
export function readCommandLine<const Options extends Readonly<Record<string, Option>>>(
  argv: readonly string[],
  { usage, options, most = 0 }: Grammar<Options>,
): Read<Options> | Ended {
  const known: Readonly<Record<string, Option>> = { ...options, help: { type: "boolean", short: "h" } };
  const texts = Object.fromEntries(
    Object.entries(known).map(([name, { type, short, multiple = false }]) => [
      name,
      { type: type === "boolean" ? ("boolean" as const) : ("string" as const), multiple, ...(short !== undefined && { short }) },
    ]),
  );
  const wrong = (says: string): Ended => ({ exit: 2, says: `${says}\n\n${usage}` });
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: [...argv], options: texts, allowPositionals: true });
  } catch (error) {
    return wrong(whatIsWrong(error));
  }
  const { values, positionals } = parsed;
  if (values.help) return { exit: 0, says: usage };
  if (positionals.length > most) return wrong(`There is no argument “${positionals[most]}”.`);
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const { type, oneOf } = known[name] ?? { type: "string" };
    for (const one of [value].flat()) {
      if (type === "number" && !/^\d{1,15}$/.test(String(one))) return wrong(`--${name} takes a whole number, not “${one}”.`);
      if (oneOf?.includes(String(one)) === false) return wrong(`--${name} takes ${oneOf.join(" or ")}, not “${one}”.`);
    }
    read[name] = type === "number" ? (Array.isArray(value) ? value.map(Number) : Number(value)) : value;
  }
  // Every value was compared with its option above, which the compiler cannot follow.
  return { values: read as Values<Options>, args: positionals };
}

/** The first sentence of what `parseArgs` says, which names the problem; the rest is advice for other programs. */
export function whatIsWrong(error: unknown): string {
  const [says = ""] = String(error instanceof Error ? error.message : error).split(". ");
  return `${says.replace(/\.$/, "")}.`;
}

/** Reads the arguments of the process. A command that is not to run says its usage and ends. */
export function commandLine<const Options extends Readonly<Record<string, Option>>>(grammar: Grammar<Options>): Read<Options> {
  const read = readCommandLine(process.argv.slice(2), grammar);
  return "exit" in read ? end(read) : read;
}

/** Ends a command whose options do not go together, or whose values cannot be. */
export function endUsage(usage: string, says: string): never {
  return end({ exit: 2, says: `${says}\n\n${usage}` });
}

function end({ exit, says }: Ended): never {
  (exit === 0 ? process.stdout : process.stderr).write(`${says.trimEnd()}\n`);
  process.exit(exit);
}
