import type { ClientSessionId, InstanceId, RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import type { Held, Kept } from "../../../src/live/control-lease.ts";
import type { Session } from "../../../src/live/session.ts";
import { due } from "../../../src/machine/control/due.ts";

const start = 1_764_000_000_000;
const { keptMs, leaseMs } = limits.control;
const sessionId = "cse_01JD00000000000000000000A0" as ClientSessionId;
const instance = "ins_aaaaaaaa" as InstanceId;
const robotId = "rob_01JD00000000000000000000A0" as RobotId;

const held: Held = {
  state: "held",
  robotId,
  version: 1,
  epoch: 1,
  holder: { sessionId, instance, user: { id: "u" }, since: start },
  expiresAt: start + leaseMs,
  asked: [],
};
const kept: Kept = { ...held, state: "kept", keptUntil: start + keptMs };

const session = (more: object): Session => {
  const principal = { type: "user", id: "u", role: "operator" };
  const ending = { cause: "connection.lost", actor: { type: "gateway" }, inferred: false };
  // Only what is looked at is there.
  return { sessionId, robotId, kind: "client", state: "online", since: start, instance, principal, ending, ...more } as unknown as Session;
};

const online = (since: number) => session({ since });
const away = (since: number) => session({ state: "away", since });

describe("what time and the holder's session have made of a lease", () => {
  test.each([
    ["nothing while the holder is online and in time", held, [online(start)], start + leaseMs - 1, undefined],
    ["over at its end [D7]", held, [online(start)], start + leaseMs, "expired"],
    ["lost with a session that is gone [D6]", held, [], start, "ended"],
    ["lost with the role [D6]", held, [session({ principal: { type: "user", id: "u", role: "viewer" } })], start, "revoked"],
    ["of a new epoch for another instance [D6]", held, [session({ instance: "ins_bbbbbbbb" })], start, "superseded"],
    ["kept, though nobody noted it [D5]", held, [away(start)], start + keptMs, "away"],
    ["kept until just before [D5]", kept, [away(start)], start + keptMs - 1, undefined],
    ["over when it is kept no longer [D5]", kept, [away(start)], start + keptMs, "expired"],
    ["held by who came back just in time, however late one looks [D5]", kept, [online(start + keptMs - 1)], start + keptMs + 5, "returned"],
    ["over for who came back just too late [D5]", kept, [online(start + keptMs)], start + keptMs, "expired"],
  ] as const)("%s", (_, lease, sessions, at, type) => {
    expect(due(lease, sessions, at)?.type).toBe(type);
  });

  test("is kept from when its holder went, however late that is noticed [D5]", () => {
    expect(due(held, [away(start)], start + keptMs - 5_000)).toMatchObject({ type: "away", keptUntil: start + keptMs });
  });
});
