import type { Clock } from "../clock.ts";
import type { Answered } from "./request.ts";

/** Asks with what is dated by this end's clock; told that the clock is off, asks once more by the server's. E6 */
export async function byServerClock<Body>(clock: Clock, ask: (at: number) => Promise<Answered<Body>>): Promise<Answered<Body>> {
  const asked = await ask(clock.now());
  if ("answer" in asked || asked.refusal.reason.code !== "assertion.clock" || asked.serverTime === undefined) return asked;
  return ask(asked.serverTime);
}
