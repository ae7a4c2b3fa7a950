import type { Context } from "../context.ts";
import type { Outcome } from "../exit.ts";
import type { FlagName } from "../flag.ts";

/** The arguments and options of one call of a command. */
export type Invocation = {
  readonly args: readonly string[];
  readonly flags: { readonly [name in FlagName]?: string | boolean | undefined };
};

/** A command of the program. */
export type Command = {
  /** The words that call the command, as in `robot list`. */
  readonly words: string;
  /** The arguments after the words; optional ones stand in brackets. */
  readonly usage?: string;
  readonly says: string;
  /** The options that not every command takes. */
  readonly flags?: readonly FlagName[];
  /** A paragraph that only the help of this command shows. */
  readonly about?: string;
  readonly run: (context: Context, asked: Invocation) => Promise<Outcome>;
};
