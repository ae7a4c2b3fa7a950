import type { ClientSessionId, InstanceId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Role } from "@tether/protocol/role";
import { expect, test } from "vitest";
import { hasRoom, monitorsIn } from "../../src/live/monitor.ts";
import type { Session } from "../../src/live/session.ts";
import { begun, start } from "../machine/session/arbitrary.ts";

const end = start + 1_000;

function client(n: number, part: Partial<Session> = {}, role: Role = "owner"): Session {
  const { pending: _, ...base } = begun();
  const session = {
    ...base,
    kind: "client",
    state: "online",
    sessionId: `cse_01JD0000000000000000000${String(n).padStart(3, "0")}` as ClientSessionId,
    principal: { type: "user", id: "u", role, by: "sub:u", issuedAt: start },
    connection: { id: `c${n}`, since: start },
    instance: "ins_aaaaaaaa" as InstanceId,
    authExpiresAt: end,
    monitors: true,
  };
  return { ...session, ...part } as Session;
}

test.each<[string, Session, number, boolean]>([
  ["an owner that asked for it", client(1), start, true],
  ["one that did not", client(1, { monitors: undefined } as Partial<Session>), start, false],
  ["one whose role is less by now", client(1, {}, "operator"), start, false],
  ["one at the last instant of its lease", client(1), end - 1, true],
  ["one whose lease is over and not noticed yet", client(1), end, false],
  ["one whose lease was found to be over", client(1, { state: "expired" }), start, false],
  ["a robot", client(1, { principal: begun().principal }), start, false],
])("%s is told of frames, or not, by what stands on its session [M1, M5]", (_, session, now, isTold) => {
  expect(monitorsIn([session], now)).toEqual(isTold ? [session] : []);
});

test("five are told, the first to attach, and there is room while others are fewer [M1]", () => {
  const { perRobot } = limits.monitor;
  const all = Array.from({ length: perRobot + 1 }, (_, n) => client(n));
  expect(monitorsIn(all, start)).toEqual(all.slice(0, perRobot));
  const [first, ...others] = all;
  expect([hasRoom(others.slice(1), { sessionId: "" as never }, start), hasRoom(others, { sessionId: "" as never }, start)]).toEqual([
    true,
    false,
  ]);
  // A client that comes back to its session does not stand in its own way.
  expect(first && hasRoom(all.slice(0, perRobot), first, start)).toBe(true);
});
