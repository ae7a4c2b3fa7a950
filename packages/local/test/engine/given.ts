import { realClock } from "../../src/clock/real.ts";
import { type Engine, startEngine } from "../../src/engine/engine.ts";

/** The engine of `TETHER_TEST_DYNAMODB` where one is given, such as DynamoDB Local, so that the store is tested on a second one; else our own. */
export async function engineForTest(): Promise<Pick<Engine, "url" | "stop">> {
  const url = process.env.TETHER_TEST_DYNAMODB;
  return url === undefined ? startEngine({ clock: realClock }) : { url, stop: async () => {} };
}
