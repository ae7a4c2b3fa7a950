import type { EventId, RobotId, SessionId } from "@tether/protocol/id";
import { type Entry, endingsIn } from "@tether/sdk/timeline/endings";
import { describe, expect, test } from "vitest";

/** An entry about the robot's session, unless told, `seconds` after the first. */
function entry(seconds: number, type: Entry["type"], more: Partial<Omit<Entry, "session">> & { session?: string } = {}): Entry {
  const { session = "rse_1", ...rest } = more;
  const about = { id: `evt_${seconds}` as EventId, robot: "rob_1" as RobotId, session: session as SessionId };
  return { ...about, at: seconds * 1_000, type, actor: { type: "gateway" }, inferred: false, says: "Something happened.", ...rest };
}

const broke = { cause: "connection.lost", inferred: true, evidence: { closeCode: 1006, connectionAgeMs: 1_000 } } as const;
const instance = (name: string) => ({ evidence: { instance: name } });

/** The account of each ending: the cause, whether it was inferred, and how many causes are possible. */
const told = (...entries: Entry[]) => endingsIn(entries).map(({ cause, inferred, possible }) => [cause, inferred, possible.length]);

describe("a robot whose connection broke", () => {
  const away = [entry(0, "session.online", instance("ins_a")), entry(9, "session.away", broke)];

  test("may be without power or without its agent until it is back", () => {
    expect(told(...away)).toEqual([["connection.lost", true, 5]]);
  });

  test("had lost its network if the same instance comes back", () => {
    expect(told(...away, entry(20, "session.resumed", instance("ins_a")))).toEqual([["connection.lost", false, 0]]);
  });

  test("tells when it comes back what had ended its run [P16]", () => {
    const back = entry(20, "session.resumed", { cause: "power.lost", ...instance("ins_b") });
    expect(told(...away, back)).toEqual([["power.lost", false, 0]]);
  });

  test("had lost its network before what ended its run, if it was offline by then", () => {
    const back = entry(20, "session.resumed", { cause: "power.lost", evidence: { instance: "ins_b", offline: true } });
    expect(told(...away, back)).toEqual([["connection.lost", false, 0]]);
  });

  test("leaves it open if another instance comes back and says nothing", () => {
    expect(told(...away, entry(20, "session.resumed", instance("ins_b")))).toEqual([["connection.lost", true, 5]]);
  });

  test("was away for one cause, also where its grace ran out", () => {
    const over = entry(609, "session.ended", { cause: "grace.over", evidence: { awayFor: "connection.lost", concluded: true } });
    const back = entry(900, "session.online", { session: "rse_2", cause: "agent.crashed", ...instance("ins_b") });
    const crashed = ["agent.crashed", false, 0];
    expect(told(...away, over, back)).toEqual([crashed, crashed]);
  });
});

test("an instance that comes back rules out what ends processes, and leaves what does not", () => {
  const asked = { ...broke, evidence: { found: "asked", connectionAgeMs: 1_000 } };
  const entries = [
    entry(0, "session.online", instance("ins_a")),
    entry(9, "session.away", asked),
    entry(20, "session.resumed", instance("ins_a")),
  ];
  expect(endingsIn(entries)[0]).toMatchObject({
    cause: "connection.lost",
    inferred: true,
    possible: ["connection.lost", "gateway.closed"],
  });
});

test("the gateway's late word is what the ending is told by from then on [P16]", () => {
  const away = entry(9, "session.away", { ...broke, evidence: { found: "asked", connectionAgeMs: 1_000 } });
  const word = entry(40, "session.explained", { cause: "connection.closed", evidence: { closeCode: 1001 } });
  expect(told(away, word)).toEqual([["connection.closed", false, 0]]);
});

test("a robot that signed off for an update says so when its next version is there", () => {
  const left = entry(9, "session.ended", { cause: "robot.left" });
  expect(told(left)).toEqual([["robot.left", false, 0]]);
  expect(told(left, entry(20, "session.online", { session: "rse_2", cause: "agent.updated" }))).toEqual([["agent.updated", false, 0]]);
  expect(told(left, entry(20, "session.online", { session: "rse_2", cause: "power.lost" }))).toEqual([["robot.left", false, 0]]);
});

test("a cause that somebody vouched for is not changed by what is said later", () => {
  const revoked = entry(9, "session.ended", { cause: "credential.revoked" });
  expect(told(revoked, entry(20, "session.online", { session: "rse_2", cause: "agent.killed" }))).toEqual([
    ["credential.revoked", false, 0],
  ]);
});

test("a client's return says nothing about another client, nor about the robot", () => {
  const client = { session: "cse_1", ...broke };
  const entries = [
    entry(0, "session.online", { session: "cse_1", ...instance("ins_a") }),
    entry(1, "session.away", client),
    entry(2, "session.away", broke),
    entry(3, "session.online", { session: "cse_2", ...instance("ins_a") }),
  ];
  expect(told(...entries)).toEqual([
    ["connection.lost", true, 2],
    ["connection.lost", true, 5],
  ]);
});
