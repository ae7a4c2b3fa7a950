import { request } from "node:http";
import type { Clock } from "../clock/clock.ts";

const retryMs = 10;

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(url, { method: "GET", agent: false }, (response) => {
      response.resume();
      resolve(true);
    });
    asked.once("error", () => resolve(false));
    asked.end();
  });
}

/** Resolves once something answers HTTP at `url`; an Error after `limitMs`, or with what `gaveUp` says. */
export async function untilAnswers(clock: Clock, url: string, limitMs: number, gaveUp: () => string | undefined): Promise<void> {
  const end = clock.now() + limitMs;
  while (!(await answers(url))) {
    const why = gaveUp() ?? (clock.now() > end ? `no answer within ${limitMs} ms` : undefined);
    if (why !== undefined) throw new Error(`The DynamoDB engine at ${url} did not start: ${why}.`);
    await new Promise<void>((resolve) => void clock.after(retryMs, resolve));
  }
}
