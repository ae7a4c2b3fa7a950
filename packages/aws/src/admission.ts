import type { Admits } from "@tether/core/sweep";
import { homeHeader } from "./cell.ts";

const timeOutMs = 2_000;

/**
 * Asks the API for a ticket as anybody may, without a proof. The API's own refusal of that says that it is there; a throttle, a failure or no
 * answer at all is what robots and clients meet too.
 */
export function createAdmission(origin: string, shown: Readonly<Record<string, string>> = {}): Admits {
  return async () => {
    const headers = { "content-type": "application/json", ...shown };
    const asked = { method: "POST", headers, body: "{}", signal: AbortSignal.timeout(timeOutMs) };
    const status = await fetch(new URL("/v1/tickets/robot", origin), asked).then(
      async (answer) => {
        await answer.body?.cancel();
        return answer.status;
      },
      () => 0,
    );
    return status === 422;
  };
}

/** In a cell that ends ask by way of home, tickets are given only where both answer. `keys` are those that home shows. */
export function createCellAdmission(origin: string, { home, keys: [key = ""] }: { home: string; keys: readonly string[] }): Admits {
  const both = [createAdmission(home), createAdmission(origin, { [homeHeader]: key })];
  return async () => (await Promise.all(both.map((admits) => admits()))).every(Boolean);
}
