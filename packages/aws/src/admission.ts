import type { Admits } from "@tether/core/sweep";

const timeOutMs = 2_000;

/**
 * Asks the API for a ticket as anybody may, without a proof. The API's own refusal of that says that it is there; a throttle, a failure or no
 * answer at all is what robots and clients meet too.
 */
export function createAdmission(origin: string): Admits {
  return async () => {
    const asked = { method: "POST", headers: { "content-type": "application/json" }, body: "{}", signal: AbortSignal.timeout(timeOutMs) };
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
