import type { Outcome } from "../exit.ts";
import type { FlagName } from "../flag.ts";
import type { World } from "../world.ts";

/** What followed a command's words. */
export type Asked = {
  readonly args: readonly string[];
  readonly flags: { readonly [name in FlagName]?: string | boolean | undefined };
};

/** A row of the command line. */
export type Command = {
  /** What it is called by. */
  readonly words: string;
  /** What follows the words; in brackets what may be left out. */
  readonly usage?: string;
  readonly says: string;
  /** Besides those that every command takes. */
  readonly flags?: readonly FlagName[];
  /** More that its own help says. */
  readonly about?: string;
  readonly run: (world: World, asked: Asked) => Promise<Outcome>;
};
