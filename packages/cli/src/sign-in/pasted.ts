import type { Context } from "../context.ts";

/**
 * Waits for the address at which a browser on another machine ended, which it cannot open: the user pastes it. Resolves with that redirect
 * as it would have come to `address`, and only if it is of this sign-in.
 */
export async function pasted(
  { readLine, say }: Pick<Context, "readLine" | "say">,
  state: string,
  address: string,
  stopped: AbortSignal,
): Promise<URL> {
  for (;;) {
    const line = (await readLine(stopped))?.trim();
    if (line === undefined) return new Promise<never>(() => {});
    const query = URL.canParse(line) ? new URL(line).searchParams : undefined;
    if (query?.get("state") === state) return new URL(`?${query}`, address);
    if (line !== "")
      say.progress("That is not the address at which this sign-in ended. Paste the whole of it; it has code= and state= in it.");
  }
}
