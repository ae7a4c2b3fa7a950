import type { ClientSessionId, InstanceId, RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Lease, leaseOf, overAt } from "../../../src/live/control-lease.ts";
import type { Change, Event } from "../../../src/machine/control/event.ts";
import { next } from "../../../src/machine/control/machine.ts";

const robotId = "rob_01JD00000000000000000000A0" as RobotId;
const start = 1_764_000_000_000;
const sessions = ["A", "B", "C"].map((name) => `cse_01JD00000000000000000000${name}0` as ClientSessionId);
const instances = ["ins_aaaaaaaa", "ins_bbbbbbbb"] as InstanceId[];
const actor = { type: "system" } as const;

const session = fc.constantFrom(...sessions);
const instance = fc.constantFrom(...instances);
const waited = fc.integer({ min: 0, max: 400_000 });

/** An event, and how long after the one before it. */
const happening = fc
  .record({ waited, holder: session, by: session, instance, epoch: fc.integer({ min: 0, max: 20 }) })
  .chain(({ waited, holder, by, instance, epoch }) => {
    const at = (now: number) => now + waited;
    const to = { sessionId: by, instance, user: { id: by } };
    const make = {
      granted: (now) => ({ type: "granted", at: at(now), actor, to, expiresAt: at(now) + limits.control.leaseMs }),
      given: (now) => ({ type: "given", at: at(now), actor, holder, to, expiresAt: at(now) + limits.control.leaseMs }),
      unanswered: (now) => ({ type: "unanswered", at: at(now), actor, to, expiresAt: at(now) + limits.control.leaseMs }),
      taken: (now) => ({ type: "taken", at: at(now), actor, to, expiresAt: at(now) + limits.control.leaseMs, reason: "mine" }),
      renewed: (now) => ({ type: "renewed", at: at(now), actor, holder, epoch, expiresAt: at(now) + limits.control.leaseMs }),
      asked: (now) => ({ type: "asked", at: at(now), actor, holder, by, id: undefined, answerBy: at(now) + limits.control.answerMs }),
      denied: (now) => ({ type: "denied", at: at(now), actor, to: by, name: by, reason: undefined }),
      away: (now) => ({ type: "away", at: at(now), actor, holder, keptUntil: at(now) + limits.control.keptMs }),
      returned: (now) => ({ type: "returned", at: at(now), actor, holder }),
      superseded: (now) => ({ type: "superseded", at: at(now), actor, holder, instance }),
      expired: (now) => ({ type: "expired", at: at(now), actor }),
      released: (now) => ({ type: "released", at: at(now), actor, holder }),
      ended: (now) => ({ type: "ended", at: at(now), actor, holder }),
      revoked: (now) => ({ type: "revoked", at: at(now), actor, holder }),
    } satisfies { [T in Event["type"]]: (now: number) => Event };
    return fc.constantFrom<(now: number) => Event>(...Object.values(make));
  });

type Step = { before: Lease; after: Lease; event: Event; change: Change | "ignored" };

function run(happenings: readonly ((now: number) => Event)[]): Step[] {
  let [lease, now] = [leaseOf(robotId, undefined), start];
  return happenings.map((happen) => {
    const event = happen(now);
    now = event.at;
    const change = next(lease, event);
    const before = lease;
    if (change !== "ignored") lease = { ...change.lease, version: lease.version + 1 } as Lease;
    return { before, after: lease, event, change };
  });
}

const holds = (lease: Lease) => (lease.state === "free" ? undefined : `${lease.holder.sessionId} ${lease.holder.instance}`);
const runs = fc.array(happening, { maxLength: 60 });
const always = (check: (step: Step) => void) =>
  fc.assert(
    fc.property(runs, (happenings) => run(happenings).forEach(check)),
    { numRuns: 2_000 },
  );

test("an epoch has one holder, and grows by one with every change of it, also to nobody [D2]", () => {
  always(({ before, after }) => {
    expect(after.epoch - before.epoch).toBe(holds(before) === holds(after) ? 0 : 1);
  });
});

test("whoever did not come first changes nothing: only a free lease is granted, only its holder's is given, renewed or freed [D2]", () => {
  always(({ before, event, change }) => {
    if (change === "ignored") return;
    if (event.type === "granted") expect(before.state).toBe("free");
    if ("holder" in event) expect(before.state !== "free" && before.holder.sessionId).toBe(event.holder);
  });
});

test("a renewal is of the epoch it names, in time, and never moves to another holder [D4]", () => {
  always(({ before, after, event, change }) => {
    if (event.type !== "renewed" || change === "ignored") return;
    expect([before.state, before.epoch, holds(after)]).toEqual(["held", event.epoch, holds(before)]);
    if (before.state !== "free") expect(event.at).toBeLessThan(overAt(before));
  });
});

test("a renewal just before a lease is over extends it, and one at that instant does not [D4]", () => {
  const [sessionId, instance] = [sessions[0], instances[0]] as [ClientSessionId, InstanceId];
  const over = start + limits.control.leaseMs;
  const renewed = (at: number) =>
    run([
      () => ({ type: "granted", at: start, actor, to: { sessionId, instance, user: { id: "u" } }, expiresAt: over }),
      () => ({ type: "renewed", at, actor, holder: sessionId, epoch: 1, expiresAt: at + limits.control.leaseMs }),
    ]).at(-1)?.change;
  expect(renewed(over - 1)).toMatchObject({ lease: { state: "held", expiresAt: over - 1 + limits.control.leaseMs } });
  expect(renewed(over)).toBe("ignored");
});

test("what is over expires exactly when its time has come, kept or held [D5, D7]", () => {
  always(({ before, event, change }) => {
    if (event.type !== "expired") return;
    expect(change !== "ignored").toBe(before.state !== "free" && event.at >= overAt(before));
  });
});

test("a request that was not answered is granted at its deadline and not a moment before [D9]", () => {
  const [holder, asker] = [sessions[0], sessions[1]] as [ClientSessionId, ClientSessionId];
  const to = (sessionId: ClientSessionId) => ({ sessionId, instance: instances[0] as InstanceId, user: { id: sessionId } });
  const answerBy = start + limits.control.answerMs;
  const granted = (at: number) =>
    run([
      () => ({ type: "granted", at: start, actor, to: to(holder), expiresAt: start + limits.control.leaseMs }),
      () => ({ type: "asked", at: start, actor, holder, by: asker, id: undefined, answerBy }),
      () => ({ type: "unanswered", at, actor, to: to(asker), expiresAt: at + limits.control.leaseMs }),
    ]).at(-1)?.change;
  expect([granted(answerBy - 1) === "ignored", granted(answerBy) === "ignored"]).toEqual([true, false]);
});

test("every change of holder has a line on the timeline and a word to everyone; a renewal has neither [D16]", () => {
  always(({ before, after, change }) => {
    if (change === "ignored" || holds(before) === holds(after)) return;
    expect(change.because).toBeDefined();
    expect(change.entry).toMatchObject({ type: `control.${change.because}`, sessionId: expect.any(String) });
  });
  always(({ event, change }) => {
    if (event.type === "renewed" && change !== "ignored") expect(Object.keys(change)).toEqual(["lease"]);
  });
});
