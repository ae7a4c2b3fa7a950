import type { EventId, RobotId, SessionId } from "@tether/protocol/id";
import type { Entry } from "@tether/sdk/timeline/endings";
import { flapsIn, flapWords, isFlap, rowsIn } from "@tether/sdk/timeline/flap";
import { describe, expect, test } from "vitest";

let made = 0;

/** An entry of the robot's session, unless told, `seconds` after the first. */
function entry(seconds: number, type: Entry["type"], more: Partial<Omit<Entry, "session">> & { session?: string } = {}): Entry {
  const { session = "rse_1", ...rest } = more;
  const about = { id: `evt_${++made}` as EventId, robot: "rob_1" as RobotId, session: session as SessionId };
  return { ...about, at: seconds * 1_000, type, actor: { type: "gateway" }, inferred: false, says: `${type}.`, ...rest };
}

type Of = { session?: string; user?: Entry["user"] };

const broke = { cause: "connection.lost", inferred: true, evidence: { closeCode: 1006 } } as const;
const arrival = (seconds: number, type: Entry["type"], of: Of & Pick<Entry, "cause"> = {}, instance = "ins_a") =>
  entry(seconds, type, { ...of, evidence: { instance } });
const online = (of: Of = {}) => arrival(0, "session.online", of);

/** A connection that breaks at `seconds` and is back 2 s later. */
function cut(seconds: number, of: Of = {}): readonly Entry[] {
  return [
    entry(seconds, "session.away", { ...of, ...broke }),
    entry(seconds + 1, "session.opening", of),
    arrival(seconds + 2, "session.resumed", of),
  ];
}

const types = (...entries: Entry[]) => rowsIn(entries).map(({ type }) => type);
const told = (entry: Entry) => entry.type;

describe("a path that flaps", () => {
  test("is one row for all that it did, in the place of its last entry", () => {
    const cuts = [60, 120, 180, 240].flatMap((at) => cut(at));
    const [first] = cuts;
    const between = entry(150, "robot.renamed");
    const rows = rowsIn([online(), ...cuts.slice(0, 6), between, ...cuts.slice(6)]);
    expect(rows.map(({ type }) => type)).toEqual(["session.online", "robot.renamed", "path.flapped"]);
    const [flap] = rows.filter(isFlap);
    expect(flap).toMatchObject({ id: first?.id, at: 60_000, until: 242_000, cuts: 4, awayMs: 8_000, inferred: false });
    expect(flap).not.toHaveProperty("away");
    expect(flap?.items).toEqual(cuts);
  });

  test.each([
    [2, 60, 0],
    [3, 60, 1],
    [3, 302, 1],
    [3, 303, 0],
  ])("%i cuts, one every %i s, are %i row", (count, everyS, flaps) => {
    const cuts = Array.from({ length: count }, (_, index) => cut(60 + index * everyS)).flat();
    expect(flapsIn([online(), ...cuts])).toHaveLength(flaps);
  });

  test("takes the coming and going of its holder's control with it, and no other change of control", () => {
    const of = { session: "cse_1" };
    const [away, opening, resumed] = cut(180, of);
    const entries = [
      online(of),
      ...cut(60, of),
      ...cut(120, of),
      away,
      entry(180, "control.away", of),
      opening,
      resumed,
      entry(182, "control.returned", of),
      entry(183, "control.requested", of),
    ].filter((one) => one !== undefined);
    expect(types(...entries)).toEqual(["session.online", "path.flapped", "control.requested"]);
    expect(flapsIn(entries)[0]?.items.map(told).slice(-5)).toEqual([
      "session.away",
      "control.away",
      "session.opening",
      "session.resumed",
      "control.returned",
    ]);
  });

  test("is noticed also where its end replaces the connection before the gateway misses it", () => {
    const replaced = (at: number) => [entry(at - 1, "session.opening"), arrival(at, "session.superseded")];
    const entries = [online(), ...replaced(60), ...replaced(120), ...cut(180)];
    expect(types(...entries)).toEqual(["session.online", "path.flapped"]);
    expect(flapsIn(entries)[0]).toMatchObject({ cuts: 3, awayMs: 2_000, inferred: true });
  });

  test("is told of the end that has it: two that are cut in turn are two", () => {
    const of = { session: "cse_1" };
    const entries = [online(), online(of), ...[60, 120, 180].flatMap((at) => [...cut(at), ...cut(at + 10, of)])];
    expect(flapsIn(entries).map(({ session, cuts }) => [session, cuts])).toEqual([
      ["rse_1", 3],
      ["cse_1", 3],
    ]);
  });

  test("says what became of the last cut while it goes on, and of a cut that came to an end otherwise in a row of its own", () => {
    const flapping = [online(), ...cut(60), ...cut(120)];
    const away = entry(180, "session.away", { ...broke, says: "The robot is away." });
    expect(flapsIn([...flapping, away])[0]).toMatchObject({ cuts: 3, until: 180_000, inferred: true, away });
    const ended = entry(780, "session.ended", { cause: "grace.over", evidence: { awayFor: "connection.lost", concluded: true } });
    expect(types(...flapping, ...cut(180), away, ended).slice(-3)).toEqual(["path.flapped", "session.away", "session.ended"]);
  });
});

describe("what ends a process is no flap of its path", () => {
  const crash = (at: number) => [
    entry(at, "session.away", broke),
    arrival(at + 2, "session.resumed", { cause: "agent.crashed" }, `ins_${at}`),
  ];
  const silent = (at: number) => [entry(at, "session.away", broke), arrival(at + 2, "session.resumed", {}, `ins_${at}`)];

  test("an agent that crashes again and again, or power that goes", () => {
    expect(flapsIn([online(), ...crash(60), ...crash(120), ...crash(180)])).toEqual([]);
  });

  test("an instance that comes back as another one and says nothing, since it may have been killed", () => {
    expect(flapsIn([online(), ...silent(60), ...silent(120), ...silent(180)])).toEqual([]);
  });

  test("a crash among the cuts of a path stands by itself, and the path's cuts before and after are told apart", () => {
    const before = [60, 120, 180].flatMap((at) => cut(at));
    const entries = [online(), ...before, ...crash(240), ...cut(300), ...cut(360)];
    expect(types(...entries).slice(0, 4)).toEqual(["session.online", "path.flapped", "session.away", "session.resumed"]);
    expect(flapsIn(entries)).toHaveLength(1);
  });

  test.each(["session.contested", "session.superseded"] as const)("another instance that takes the session over: %s", (type) => {
    const entries = [60, 120, 180, 240].map((at) => arrival(at, type, {}, `ins_${at}`));
    expect(flapsIn([online(), ...entries])).toEqual([]);
  });

  test("a gateway that closes its connections", () => {
    const closed = { cause: "gateway.closed", inferred: true, evidence: { closeCode: 1001 } } as const;
    const entries = [60, 120, 180].flatMap((at) => [entry(at, "session.away", closed), arrival(at + 2, "session.resumed")]);
    expect(flapsIn([online(), ...entries])).toEqual([]);
  });
});

test("the words name who it is, how long and how often, what was concluded, and what that end does now", () => {
  const duration = (ms: number) => `${ms / 1_000} s`;
  const cuts = [60, 120, 180].flatMap((at) => cut(at));
  const [flap] = flapsIn([online(), ...cuts]);
  expect(flap && flapWords(flap, { duration })).toBe("The robot's path flapped for 122 s: 3 cuts, 6 s without a connection in all.");
  const of = { session: "cse_1", user: { id: "u1", name: "Oscar" } };
  const [visit] = flapsIn([online(of), ...cut(60, of), ...cut(120, of), entry(180, "session.away", { ...of, ...broke })]);
  expect(visit && flapWords(visit, { duration })).toBe(
    "Oscar's path flapped for 120 s: 3 cuts, 4 s without a connection in all. (Not every cut was explained: Tether concluded it.) session.away.",
  );
});
