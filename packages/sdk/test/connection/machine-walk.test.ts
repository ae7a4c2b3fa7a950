import { type Cause, causes } from "@tether/protocol/cause";
import { type ProblemCode, problems } from "@tether/protocol/problem";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Event, Happening } from "../../src/connection/event.ts";
import { next } from "../../src/connection/machine.ts";
import type { State } from "../../src/connection/state.ts";
import { problemReason } from "../../src/problem-reason.ts";
import { reason } from "../../src/reason.ts";
import { answer, byeOf, welcome } from "./example.ts";
import { after, greetingSuccessor, handing, idle, online } from "./machine-state.ts";

const attemptId = fc.integer({ min: 0, max: 12 });

const why = fc.constantFrom(...(Object.keys(problems) as ProblemCode[]).map(problemReason));
const retry = fc.constantFrom("never" as const, "backoff" as const);
const refusal = fc.record({ reason: why, retry, afterMs: fc.nat(5_000) });
const cause = fc.constantFrom(...(Object.keys(causes) as Cause[]));

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ type: fc.constant("started" as const) }),
  fc.record({ type: fc.constant("ticketed" as const), attemptId, answer: fc.constant(answer()) }),
  fc.record({ type: fc.constant("refused" as const), attemptId, refusal }),
  fc.record({ type: fc.constant("opened" as const), socketId: attemptId }),
  fc.record({ type: fc.constant("welcomed" as const), socketId: attemptId, welcome: fc.constant(welcome()) }),
  fc.record({ type: fc.constant("rejected" as const), socketId: attemptId, why }),
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

/** The numbers of attempts and sockets that still count in a state. */
function numbersOf(state: State): number[] {
  if (state.state === "idle" || state.state === "stopped") return [];
  if (state.state === "handingOver") return [state.socketId, ...numbersOf(state.successor)];
  if (state.state === "leaving") return [state.socketId];
  if (state.state !== "online") return [state.attemptId];
  return [state.socketId, state.former, state.probe].filter((one) => one !== undefined);
}

/** A walk that often names numbers that count, so that it gets far. */
function walk(
  from: State,
  events: readonly Event[],
  choices: readonly number[],
  visit: (state: State, event: Event, then: State) => void,
): void {
  let state = from;
  events.forEach((drawn, index) => {
    const numbers = numbersOf(state);
    const wanted = numbers[(choices[index] ?? 0) % Math.max(1, numbers.length)];
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
        if (named !== undefined && !numbersOf(state).includes(named)) expect(then).toBe(state);
      });
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  test("gives every ticket and socket a number higher than those before it [E5]", () => {
    const property = fc.property(walkOf, ([from, events, choices]) => {
      let highest = Math.max(...numbersOf(from));
      walk(from, events, choices, (state, _, then) => {
        const known = numbersOf(state);
        const fresh = numbersOf(then).filter((one) => !known.includes(one));
        for (const one of fresh) expect(one).toBeGreaterThan(highest);
        highest = Math.max(highest, ...numbersOf(then));
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
});
