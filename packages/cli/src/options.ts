import { parseArgs } from "node:util";
import { exits } from "./exit.ts";

export type Options = { readonly token: string | undefined; readonly expect: number | undefined; readonly json: boolean };

export const help = `Usage: tether token inspect [TOKEN|-] [options]

Shows what a token says about its own life, and whether that is what infra/lifetime.ts says. The signature is not checked,
and neither token nor signature is shown. Without TOKEN, or with “-”, it is read from standard input.

  --expect MINUTES  compare with this in place of infra/lifetime.ts
  --json            one JSON document on standard output
  --help            this text

Exit codes:
${Object.values(exits)
  .map(({ code, says }) => `  ${code}  ${says}`)
  .join("\n")}`;

/** Reads the command line. A string is what to tell who wrote it; it never quotes them, as they may have written a token anywhere. */
export function readOptions(argv: readonly string[]): Options | "help" | { readonly says: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { expect: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
    if (values.help) return "help";
    const [noun, verb, token, ...rest] = positionals;
    if (noun !== "token" || verb !== "inspect" || rest.length > 0)
      return { says: "Write: tether token inspect [TOKEN|-]. See tether --help." };
    const expect = values.expect === undefined ? undefined : Number(values.expect);
    if (expect !== undefined && !(expect > 0 && Number.isFinite(expect))) return { says: "--expect takes a number of minutes." };
    return { token: token === "-" ? undefined : token, expect, json: values.json ?? false };
  } catch {
    return { says: "There is an option that is unknown, or lacks its value. See tether --help." };
  }
}
