import type { InstanceId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Session } from "../../../src/live/session.ts";
import { dueAt, dueOnceRenewed } from "../../../src/machine/session/due.ts";
import type { Change, Event } from "../../../src/machine/session/event.ts";
import { next } from "../../../src/machine/session/machine.ts";
import { anyStep, begun, eventOf, lost, principal, start } from "./arbitrary.ts";

const instance = "ins_aaaaaaaa" as InstanceId;

function merged(session: Session, { patch }: Change): Session {
  const entries = Object.entries({ ...session, ...patch }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Session;
}

function after(session: Session, ...events: Event[]): Session {
  return events.reduce((state, event) => {
    const change = next(state, event);
    return change === "ignored" ? state : merged(state, change);
  }, session);
}

const hello = (connectionId: string, at = start): Event => ({ type: "greeted", at, connectionId, instance });
const disconnected = (connectionId: string, at = start): Event => ({ type: "disconnected", at, connectionId, ending: lost });
const online = () => after(begun(), hello("c1"));

function redeemed(session: Session, connectionId: string, at = start): Event {
  return {
    type: "redeemed",
    at,
    epoch: session.ticketEpoch + 1,
    connection: { id: connectionId, since: at },
    principal,
    authExpiresAt: start + limits.auth.leaseMs,
  };
}

describe("a session", () => {
  test("is online after hello, with the epoch its ticket named [H2]", () => {
    expect(online()).toMatchObject({ state: "online", epoch: 1, connection: { id: "c1" } });
    expect(online()).not.toHaveProperty("pending");
  });

  test("keeps its connection until the successor says hello [H5]", () => {
    const handing = after(online(), redeemed(online(), "c2"));
    expect(handing).toMatchObject({ state: "online", epoch: 1, connection: { id: "c1" }, pending: { epoch: 2 } });
    expect(after(handing, hello("c2"))).toMatchObject({
      epoch: 2,
      connection: { id: "c2" },
      previous: { epoch: 1, until: start + limits.session.handoverMs },
    });
  });

  test("is what it was before when the connection does not say hello within 30 s [H4]", () => {
    const handing = after(online(), redeemed(online(), "c2"));
    const at = start + limits.session.openingMs;
    expect(next(handing, { type: "lapsed", at: at - 1 })).toBe("ignored");
    expect(after(handing, { type: "lapsed", at })).toEqual({ ...online(), ticketEpoch: 2, dueAt: handing.dueAt });
    expect(after(begun(), { type: "lapsed", at })).toMatchObject({ state: "ended", ending: { cause: "opening.lapsed" } });
  });

  test("is changed by the end of the connection it holds, and of no other [P4]", () => {
    const replaced = after(online(), redeemed(online(), "c2"), hello("c2"));
    expect(next(replaced, disconnected("c1"))).toBe("ignored");
    const away = after(replaced, disconnected("c2"));
    expect(away).toMatchObject({ state: "away", backBy: start + limits.session.robotGraceMs, ending: lost });
    expect(next(away, disconnected("c2"))).toBe("ignored");
  });

  test("returns from away with a higher epoch, and ends when its grace is over", () => {
    const away = after(online(), disconnected("c1"));
    expect(after(away, redeemed(away, "c2"), hello("c2"))).toMatchObject({ state: "online", epoch: 2 });
    const backBy = start + limits.session.robotGraceMs;
    expect(next(away, { type: "graceOver", at: backBy - 1 })).toBe("ignored");
    expect(after(away, { type: "graceOver", at: backBy })).toMatchObject({ state: "ended", ending: { cause: "grace.over" } });
  });

  test("was not silent by itself where it sends keepalives, as its last hello said [P15]", () => {
    const idle = { ...disconnected("c1"), ending: { ...lost, cause: "gateway.idle" } } as Event;
    expect(after(online(), idle)).toMatchObject({ ending: { cause: "gateway.idle" } });
    const alive = after(begun(), { ...hello("c1"), keepsAlive: true } as Event);
    expect(after(alive, idle)).toMatchObject({ state: "away", ending: { cause: "connection.lost", inferred: true } });
  });

  test("takes the gateway's late word for how its connection ended, where it had to be asked, and of no other [P16]", () => {
    const asked = { ...lost, evidence: { found: "asked", kid: "k" } } as const;
    const closed = { cause: "connection.closed", actor: { type: "gateway" }, inferred: false, evidence: { closeCode: 1001 } } as const;
    const away = after(online(), { ...disconnected("c1"), ending: asked } as Event);
    const word = { ...disconnected("c1"), ending: closed, epoch: 1 } as Event;
    expect(next(away, word)).toMatchObject({ patch: { ending: { cause: "connection.closed", evidence: { kid: "k" } } } });
    expect(next(away, word)).toMatchObject({ entry: { type: "session.explained", epoch: 1, cause: "connection.closed" } });
    for (const other of [{ epoch: 2 }, { epoch: undefined }, { ending: asked }])
      expect(next(away, { ...word, ...other } as Event)).toBe("ignored");
    const told = after(online(), { ...disconnected("c1"), ending: closed } as Event);
    expect(next(told, word)).toBe("ignored");
    const back = after(away, redeemed(away, "c2"), hello("c2"));
    expect(next(back, word)).toBe("ignored");
  });

  test("is fought for by three other instances within 5 min, but not by restarts of one machine [L8]", () => {
    const takenOver = (before?: { cause: "power.lost" }) => {
      let session = online();
      const types: (string | undefined)[] = [];
      for (const n of [2, 3, 4]) {
        const reserved = after(session, redeemed(session, `c${n}`));
        const event = { ...hello(`c${n}`), instance: `ins_${n}aaaaaaa`, before } as Event;
        const change = next(reserved, event);
        types.push(change === "ignored" ? undefined : change.entry?.type);
        session = after(reserved, event);
      }
      return types;
    };
    expect(takenOver()).toEqual(["session.superseded", "session.superseded", "session.contested"]);
    expect(takenOver({ cause: "power.lost" })).toEqual(Array.from({ length: 3 }, () => "session.superseded"));
  });

  test("leaves to be closed what a take-over, a lapse or an ending takes its session from, and nothing else", () => {
    const closed = (session: Session, event: Event) => {
      const change = next(session, event);
      return change === "ignored" ? undefined : (change.closings ?? []).map(({ connectionId, cause }) => [connectionId, cause]);
    };
    const handing = after(online(), redeemed(online(), "c2"));
    expect(closed(handing, hello("c2"))).toEqual([]);
    expect(closed(handing, { type: "greeted", at: start, connectionId: "c2", instance: "ins_bbbbbbbb" as InstanceId })).toEqual([
      ["c1", "superseded"],
    ]);
    expect(closed(handing, { type: "lapsed", at: start + limits.session.openingMs })).toEqual([["c2", "opening.lapsed"]]);
    expect(closed(begun(), { type: "lapsed", at: start + limits.session.openingMs })).toEqual([["c1", "opening.lapsed"]]);
    expect(closed(handing, { type: "ended", at: start, ending: { ...lost, cause: "admin.ended" } })).toEqual([
      ["c1", "admin.ended"],
      ["c2", "admin.ended"],
    ]);
    expect([closed(handing, disconnected("c1")), closed(begun(), disconnected("c1"))]).toEqual([[], []]);
  });

  test("monitors where an owner asked for it in its last hello, until it is restricted or its connection goes [M1, M5]", () => {
    const as = (role: "owner" | "operator") => ({ type: "user", id: "u", role, by: "sub:u", issuedAt: start }) as const;
    const greeted = (role: "owner" | "operator", monitors: boolean) => {
      const { pending, ...session } = begun();
      return after(
        { ...session, ...(pending && { pending: { ...pending, principal: as(role) } }) } as Session,
        {
          ...hello("c1"),
          monitors,
        } as Event,
      );
    };
    expect(greeted("owner", true)).toMatchObject({ state: "online", monitors: true });
    for (const session of [greeted("owner", false), greeted("operator", true)]) {
      expect(session).not.toHaveProperty("monitors");
      expect(next(session, { type: "restricted", at: start })).toBe("ignored");
    }
    expect(after(greeted("owner", true), { type: "restricted", at: start })).toEqual(greeted("owner", false));
    const returned = after(greeted("owner", true), disconnected("c1"));
    expect(returned).not.toHaveProperty("monitors");
    expect(after(returned, redeemed(returned, "c2"), hello("c2"))).not.toHaveProperty("monitors");
  });

  test("expires when its lease is over, and a renewal brings it back", () => {
    const at = start + limits.auth.leaseMs;
    expect(next(online(), { type: "expired", at: at - 1 })).toBe("ignored");
    const expired = after(online(), { type: "expired", at });
    expect(expired).toMatchObject({ state: "expired", closesAt: at + limits.auth.renewMs, connection: { id: "c1" } });
    const renewed = after(expired, { type: "renewed", at, principal, authExpiresAt: at + 1, renewals: 1 });
    expect(renewed).toMatchObject({ state: "online", epoch: 1, authExpiresAt: at + 1, renewals: 1 });
  });
});

test.each([2, 11, 15, 60, 240])("a renewal of %i min makes a session due when the machine would have it looked at [L1, L6]", (minutes) => {
  for (const waited of [0, 29, 31, 200]) {
    const at = start + waited * 60_000;
    const authExpiresAt = at + minutes * 60_000;
    const renewed = after(online(), { type: "renewed", at, principal, authExpiresAt, renewals: 1 });
    expect(dueOnceRenewed(authExpiresAt, at)).toBe(dueAt(renewed));
    expect(dueAt(renewed)).toBeGreaterThan(at);
  }
});

test("whatever happens, epochs only grow, one connection holds, and every ending has a cause and an actor [P2]", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
      let [session, at] = [begun(), start];
      for (const step of steps) {
        at += step.wait;
        const change = next(session, eventOf(step, session, at));
        if (change === "ignored") continue;
        const now = merged(session, change);
        expect(now.epoch).toBeGreaterThanOrEqual(session.epoch);
        expect(now.ticketEpoch).toBeGreaterThanOrEqual(now.epoch);
        expect(now.authExpiresAt).toBeGreaterThanOrEqual(session.authExpiresAt);
        expect("connection" in now).toBe(now.state === "online" || now.state === "expired");
        expect("backBy" in now).toBe(now.state === "away");
        if ("monitors" in now) expect("connection" in now).toBe(true);
        expect("closesAt" in now).toBe(now.state === "expired");
        expect("ending" in now).toBe(now.state === "away" || now.state === "ended");
        if ("ending" in now && now.state !== session.state)
          expect(change.entry).toMatchObject({ cause: now.ending.cause, actor: now.ending.actor, inferred: now.ending.inferred });
        if (now.state !== "ended") expect(Number.isFinite(dueAt(now))).toBe(true);
        session = now;
      }
    }),
    { numRuns: 2_000 },
  );
});

test("an ended session ignores everything", () => {
  fc.assert(
    fc.property(anyStep, (step) => {
      const ended = after(begun(), { type: "ended", at: start, ending: lost });
      expect(next(ended, eventOf(step, ended, start + step.wait))).toBe("ignored");
    }),
  );
});
