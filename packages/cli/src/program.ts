import { exits } from "./exit.ts";
import { help, readOptions } from "./options.ts";
import { configuredMinutes } from "./token/configured.ts";
import { decode } from "./token/decode.ts";
import { inspect, words } from "./token/inspect.ts";

export type Start = {
  readonly argv: readonly string[];
  readonly clock: { now(): number };
  /** The whole of standard input. */
  readonly input: () => Promise<string>;
  readonly streams: { out(line: string): void; err(line: string): void };
};

/** The whole program. Resolves with the exit code. */
export async function program({ argv, clock, input, streams }: Start): Promise<number> {
  const options = readOptions(argv);
  if (options === "help") {
    streams.out(help);
    return exits.fine.code;
  }
  const trouble = (says: string) => {
    if (argv.includes("--json")) streams.out(JSON.stringify({ exit: exits.usage.code, says }));
    else streams.err(says);
    return exits.usage.code;
  };
  if ("says" in options) return trouble(options.says);
  const claims = decode(options.token ?? (await input()));
  if (!claims)
    return trouble("That is no token: it should be three parts between dots, with iat and exp. Copy the whole of it, or pipe it in.");
  const inspected = inspect(claims, { now: clock.now(), configuredMinutes: options.expect ?? configuredMinutes(claims.token_use) });
  const { code } = inspected.verdict === "as configured" ? exits.fine : exits.differs;
  streams.out(options.json ? JSON.stringify({ exit: code, ...inspected }) : words(inspected));
  return code;
}
