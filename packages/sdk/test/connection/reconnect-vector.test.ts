import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bye } from "@tether/protocol/frame/bye";
import { expect, test } from "vitest";
import type { State } from "../../src/connection/state.ts";
import { answer, byeOf, welcome } from "./example.ts";
import { after, idle } from "./machine-state.ts";

type Ended = { readonly livedMs: number | null; readonly retry?: Bye["retry"] };
type Case = { readonly name: string; readonly ended: readonly Ended[]; readonly boundsMs: readonly number[] };

const file = join(import.meta.dirname, "../../../protocol/vectors/reconnect.json");
const cases = JSON.parse(readFileSync(file, "utf8")) as Case[];

/** One attempt from its ticket on: how it is welcomed, if it is, and how it ends. */
function endOne(from: State, { livedMs, retry }: Ended, at: number): State {
  if (from.state !== "ticketing") throw new Error(from.state);
  const socketId = from.attemptId;
  const greeting = after(from, { type: "ticketed", attemptId: socketId, answer: answer() }, { type: "opened", socketId });
  const live = livedMs === null ? greeting : after(greeting, { type: "welcomed", socketId, welcome: welcome(), at: at - livedMs });
  if (!retry) return after(live, { type: "closed", socketId, at, draw: 1 });
  return after(live, { type: "dismissed", socketId, bye: { ...byeOf("connection.lost"), retry }, at, draw: 1 });
}

test.each(cases)("the wait is drawn from a bound $name [E2, E2.2, F5.1]", ({ ended, boundsMs }) => {
  const at = 1_000_000;
  let state = after(idle, { type: "started" });
  const bounds = ended.map((one) => {
    const then = endOne(state, one, at);
    if (then.state !== "waiting") {
      state = then;
      return 0;
    }
    state = after(then, { type: "waited", attemptId: then.attemptId });
    return then.until - at;
  });
  expect(bounds).toEqual(boundsMs);
});
