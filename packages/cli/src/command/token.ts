import type { Context } from "../context.ts";
import { exits, type Outcome, usage } from "../exit.ts";
import { configuredMinutes } from "../token/configured.ts";
import { decode } from "../token/decode.ts";
import { inspect, words } from "../token/inspect.ts";
import type { Invocation } from "./command.ts";

export async function tokenInspect({ input, clock, say }: Context, { args: [token = "-"], flags }: Invocation): Promise<Outcome> {
  const expect = flags.expect === undefined ? undefined : Number(flags.expect);
  if (expect !== undefined && !(expect > 0 && Number.isFinite(expect))) return usage("--expect takes a number of minutes.");
  const claims = decode(token === "-" ? await input() : token);
  if (!claims)
    return usage("That is no token: it should be three parts between dots, with iat and exp.", "Copy the whole of it, or pipe it in.");
  const inspected = inspect(claims, { now: clock.now(), configuredMinutes: expect ?? configuredMinutes(claims.token_use) });
  const outcome = inspected.verdict === "as configured" ? "done" : "differs";
  say.result(words(inspected), { exit: exits[outcome].code, ...inspected });
  return outcome;
}
