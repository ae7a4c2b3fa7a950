import { type Cause, causes } from "@tether/protocol/cause";
import { limits } from "@tether/protocol/limits";
import { type ProblemCode, problems } from "@tether/protocol/problem";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Event, Happening } from "../../src/connection/event.ts";
import { next } from "../../src/connection/machine.ts";
import type { HandingOver, Online, State } from "../../src/connection/state.ts";
import { reason } from "../../src/reason.ts";
import { answer, byeOf, welcome } from "./example.ts";

const idle: State = { state: "idle", session: undefined };
const minute = 60_000;

function after(from: State, ...happenings: (Happening & { at?: number; draw?: number })[]): State {
  return happenings.reduce<State>((state, happening) => next(state, { at: 0, draw: 0.5, ...happening }), from);
}

const toOnline: Happening[] = [
  { type: "started" },
  { type: "ticketed", attemptId: 1, answer: answer() },
  { type: "opened", socketId: 1 },
  { type: "welcomed", socketId: 1, welcome: welcome() },
];
const online = after(idle, ...toOnline) as Online;
const handing = after(online, { type: "aged", socketId: 1 }) as HandingOver;
const greetingSuccessor = after(handing, { type: "ticketed", attemptId: 2, answer: answer(2) }, { type: "opened", socketId: 2 });

const attemptId = fc.integer({ min: 0, max: 12 });
const problem = fc.constantFrom(...(Object.keys(problems) as ProblemCode[]));
const retry = fc.constantFrom("never" as const, "backoff" as const);
const refusal = fc.record({ reason: problem.map(reason), retry, afterMs: fc.nat(5_000) });
const cause = fc.constantFrom(...(Object.keys(causes) as Cause[]));

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ type: fc.constant("started" as const) }),
  fc.record({ type: fc.constant("ticketed" as const), attemptId, answer: fc.constant(answer()) }),
  fc.record({ type: fc.constant("refused" as const), attemptId, refusal }),
  fc.record({ type: fc.constant("opened" as const), socketId: attemptId }),
  fc.record({ type: fc.constant("welcomed" as const), socketId: attemptId, welcome: fc.constant(welcome()) }),
  fc.record({ type: fc.constant("rejected" as const), socketId: attemptId, problem }),
  fc.record({ type: fc.constant("dismissed" as const), socketId: attemptId, bye: cause.map((one) => byeOf(one)) }),
  fc.record({ type: fc.constant("closed" as const), socketId: attemptId }),
  fc.record({ type: fc.constant("overdue" as const), attemptId }),
  fc.record({ type: fc.constant("waited" as const), attemptId }),
  fc.record({ type: fc.constant("aged" as const), socketId: attemptId }),
  fc.record({ type: fc.constant("forced" as const), socketId: attemptId }),
  fc.record({ type: fc.constant("drained" as const), socketId: attemptId }),
  fc.record({ type: fc.constant("woken" as const) }),
  fc.record({ type: fc.constant("doubted" as const) }),
  fc.record({ type: fc.constant("left" as const), says: fc.constant(undefined) }),
  fc.record({ type: fc.constant("released" as const) }),
);
const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const event: fc.Arbitrary<Event> = fc.tuple(happening, fc.nat(10_000), draw).map(([what, at, drawn]) => ({ ...what, at, draw: drawn }));

/** Turns that a state's work may still speak of. */
function turnsOf(state: State): number[] {
  if (state.state === "idle" || state.state === "stopped") return [];
  if (state.state === "handingOver") return [state.socketId, ...turnsOf(state.successor)];
  if (state.state === "leaving") return [state.socketId];
  if (state.state !== "online") return [state.attemptId];
  return [state.socketId, state.former, state.probe].filter((one) => one !== undefined);
}

/** A walk that often names turns that count, so that it gets far. */
function walk(
  from: State,
  events: readonly Event[],
  choices: readonly number[],
  visit: (state: State, event: Event, then: State) => void,
): void {
  let state = from;
  events.forEach((drawn, index) => {
    const turns = turnsOf(state);
    const wanted = turns[(choices[index] ?? 0) % Math.max(1, turns.length)];
    const aimed = (choices[index] ?? 0) % 4 > 0 && wanted !== undefined;
    const event: Event = aimed
      ? ({ ...drawn, ...("attemptId" in drawn && { attemptId: wanted }), ...("socketId" in drawn && { socketId: wanted }) } as Event)
      : drawn;
    const then = next(state, event);
    visit(state, event, then);
    state = then;
  });
}

const walkOf = fc.tuple(
  fc.constantFrom(after(idle, { type: "started" }), online, handing, greetingSuccessor),
  fc.array(event, { maxLength: 80 }),
  fc.array(fc.nat(100), { minLength: 80, maxLength: 80 }),
);

describe("the connection's machine", () => {
  test("answers any event in any state it gets to, and reaches every state", () => {
    const reached = new Set<string>();
    const property = fc.property(walkOf, ([from, events, choices]) => {
      walk(from, events, choices, (_, __, then) => {
        reached.add(then.state);
        if (then.state === "handingOver") reached.add(`successor ${then.successor.state}`);
      });
    });
    fc.assert(property, { numRuns: 2_000, seed: 1 });
    const approach = ["ticketing", "connecting", "greeting", "waiting"];
    const all = [...approach, ...approach.map((one) => `successor ${one}`), "online", "handingOver", "leaving", "stopped"];
    expect([...reached].sort()).toEqual(all.sort());
  });

  test("does nothing once stopped, whatever happens [E3]", () => {
    const stopped: State = { state: "stopped", why: reason("superseded") };
    fc.assert(
      fc.property(event, (one) => {
        expect(next(stopped, one)).toBe(stopped);
      }),
      { numRuns: 1_000 },
    );
  });

  test("ignores tickets, sockets and timers of a attemptId that is over [E5]", () => {
    const property = fc.property(walkOf, ([from, events, choices]) => {
      walk(from, events, choices, (state, event, then) => {
        const named = "attemptId" in event ? event.attemptId : "socketId" in event ? event.socketId : undefined;
        if (named !== undefined && !turnsOf(state).includes(named)) expect(then).toBe(state);
      });
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  test("gives every ticket and socket a number higher than those before it [E5]", () => {
    const property = fc.property(walkOf, ([from, events, choices]) => {
      let highest = Math.max(...turnsOf(from));
      walk(from, events, choices, (state, _, then) => {
        const known = turnsOf(state);
        const fresh = turnsOf(then).filter((one) => !known.includes(one));
        for (const one of fresh) expect(one).toBeGreaterThan(highest);
        highest = Math.max(highest, ...turnsOf(then));
      });
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  test("fetches a ticket before every connect [E1]", () => {
    const property = fc.property(walkOf, ([from, events, choices]) => {
      walk(from, events, choices, (state, event, then) => {
        const inner = (one: State) => (one.state === "handingOver" ? one.successor : one);
        if (inner(then).state !== "connecting" || inner(then) === inner(state)) return;
        const moved = state.state === "handingOver" && state.successor === then;
        expect(moved || event.type === "ticketed").toBe(true);
      });
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  test.each((Object.keys(causes) as Cause[]).map((cause) => [cause, causes[cause].retry] as const))(
    "heeds bye %s: %s [E3]",
    (cause, policy) => {
      const then = after(online, { type: "dismissed", socketId: 1, bye: byeOf(cause), at: minute });
      expect(then.state).toBe({ never: "stopped", now: "ticketing", backoff: "waiting" }[policy]);
      if (then.state === "stopped") expect(then.why).toMatchObject({ code: cause, says: causes[cause].says, remedy: causes[cause].remedy });
    },
  );

  test("does not let bye send it in circles: a connection that did not last waits [E2]", () => {
    expect(after(online, { type: "dismissed", socketId: 1, bye: byeOf("gateway.idle"), at: 100 })).toMatchObject({
      state: "waiting",
      until: 600,
    });
  });

  test("bounds the wait by what bye says", () => {
    const then = after(online, { type: "dismissed", socketId: 1, bye: byeOf("connection.lost", 40_000), at: minute });
    expect(then).toMatchObject({ state: "waiting", until: minute + 20_000 });
    expect(after(then, { type: "woken", at: minute })).toBe(then);
  });

  test("doubles the bound of its wait with each failure in a row [E2]", () => {
    const failed = (state: State, at: number) =>
      after(state, {
        type: "refused",
        attemptId: "attemptId" in state ? state.attemptId : 0,
        refusal: { reason: reason("unavailable"), retry: "backoff", afterMs: 0 },
        at,
        draw: 1,
      });
    let state = after(idle, { type: "started" });
    const waits: number[] = [];
    for (let n = 0; n < 7; n += 1) {
      state = failed(state, 0);
      if (state.state !== "waiting") throw new Error(state.state);
      waits.push(state.until);
      state = after(state, { type: "waited", attemptId: state.attemptId });
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  });

  test("cuts its own wait short when woken, not the one the service asked for", () => {
    const from = after(idle, { type: "started" });
    const refusal = { reason: reason("rate.limited"), retry: "backoff" as const, afterMs: 5_000 };
    const waiting = after(from, { type: "refused", attemptId: 1, refusal, draw: 0.9 });
    expect(after(waiting, { type: "woken", at: 10 })).toMatchObject({ state: "waiting", until: 5_000 });
    expect(after(waiting, { type: "woken", at: 5_000 })).toMatchObject({ state: "ticketing" });
  });

  test.each([
    [0, 80 * minute],
    [0.5, 95 * minute],
    [0.999, 109.97 * minute],
  ])("draws the moment of its hand-over from the window: %d [E8]", (drawn, at) => {
    const then = after(after(idle, ...toOnline.slice(0, 3)), { type: "welcomed", socketId: 1, welcome: welcome(), draw: drawn });
    expect(then).toMatchObject({ rolloverAt: at });
  });

  test("hands over before the gateway cuts, however soon that is [E8]", () => {
    const short = welcome({ lifeMs: 12 * minute });
    const then = after(after(idle, ...toOnline.slice(0, 3)), { type: "welcomed", socketId: 1, welcome: short });
    expect(then).toMatchObject({ rolloverAt: 11 * minute, forcedAt: 11.5 * minute });
    expect(limits.session.rolloverMs[1]).toBeLessThan(limits.gateway.connectionLifeMs);
  });

  test("waits no longer for its successor at 115 min, whatever it was told to wait for [E8]", () => {
    const refusal = { reason: reason("rate.limited"), retry: "backoff" as const, afterMs: 20 * minute };
    const waiting = after(handing, { type: "refused", attemptId: 2, refusal, at: 100 * minute, draw: 0.9 });
    expect(handing.forcedAt).toBe(115 * minute);
    expect(after(waiting, { type: "woken", at: 115 * minute })).toMatchObject({ successor: { state: "waiting" } });
    expect(after(waiting, { type: "forced", socketId: 2, at: 115 * minute })).toBe(waiting);
    expect(after(waiting, { type: "forced", socketId: 1, at: 115 * minute })).toMatchObject({
      state: "handingOver",
      socketId: 1,
      successor: { state: "ticketing", failures: 1 },
    });
    for (const underWay of [handing, greetingSuccessor])
      expect(after(underWay, { type: "forced", socketId: 1, at: 115 * minute })).toBe(underWay);
  });

  test("listens to the former socket until it is dismissed, closes or had its time", () => {
    const over = after(greetingSuccessor, { type: "welcomed", socketId: 2, welcome: welcome({ epoch: 2 }) });
    expect(over).toMatchObject({ state: "online", socketId: 2, former: 1 });
    const ends: Happening[] = [
      { type: "dismissed", socketId: 1, bye: byeOf("superseded") },
      { type: "closed", socketId: 1 },
      { type: "drained", socketId: 1 },
    ];
    for (const end of ends) expect(after(over, end)).toMatchObject({ state: "online", socketId: 2, former: undefined });
  });

  test("takes bye superseded on the old socket for its own successor's doing, once that has said hello [E3]", () => {
    const bye: Happening = { type: "dismissed", socketId: 1, bye: byeOf("superseded") };
    expect(after(greetingSuccessor, bye)).toMatchObject({ state: "greeting", attemptId: 2 });
    expect(after(handing, bye)).toMatchObject({ state: "stopped", why: { code: "superseded" } });
    expect(after(online, bye)).toMatchObject({ state: "stopped", why: { code: "superseded" } });
  });

  test("keeps the reason that a socket gave for not opening", () => {
    const why = { code: "network.untrusted", says: "The certificate is of nobody.", remedy: "Trust it." };
    const opening = after(handing, { type: "ticketed", attemptId: 2, answer: answer(2) });
    expect(after(opening, { type: "closed", socketId: 2, why })).toMatchObject({ successor: { state: "waiting", why } });
    expect(after(opening, { type: "closed", socketId: 2 })).toMatchObject({ successor: { why: { code: "connection.lost" } } });
  });

  test("tries the successor again while the old connection lives, and goes on with it when that dies", () => {
    const refusal = { reason: reason("access.denied"), retry: "never" as const, afterMs: 0 };
    const refused = after(handing, { type: "refused", attemptId: 2, refusal });
    expect(refused).toMatchObject({ state: "handingOver", socketId: 1, successor: { state: "waiting" } });
    expect(after(refused, { type: "closed", socketId: 1 })).toMatchObject({ state: "waiting" });
    expect(after(greetingSuccessor, { type: "closed", socketId: 2 })).toMatchObject({
      state: "handingOver",
      successor: { state: "waiting" },
    });
    expect(after(greetingSuccessor, { type: "closed", socketId: 1 })).toMatchObject({ state: "greeting", attemptId: 2 });
  });

  test("stops for a protocol the broker does not speak, and for nothing else it says to hello [E3]", () => {
    const greeting = after(idle, ...toOnline.slice(0, 3));
    for (const code of Object.keys(problems) as ProblemCode[]) {
      const then = after(greeting, { type: "rejected", socketId: 1, problem: code });
      expect(then.state).toBe(code === "protocol.unsupported" ? "stopped" : "waiting");
    }
  });
});
