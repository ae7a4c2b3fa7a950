import type { EventId, RobotId, SessionId } from "@tether/protocol/id";
import { rowsIn } from "@tether/sdk/timeline/flap";
import { describe, expect, test } from "vitest";
import { localTime } from "../src/local-time.ts";
import { createFollower } from "../src/why/follow.ts";
import { type Entry, outagesIn } from "../src/why/outage.ts";
import { rowOf } from "../src/why/row.ts";
import { summaryOf } from "../src/why/summary.ts";

const noon = Date.parse("2026-06-01T12:00:00Z");
const day = 86_400_000;
const broke = { cause: "connection.lost", inferred: true, evidence: { closeCode: 1006 }, says: "The robot is away." } as const;

let made = 0;

/** An entry of the robot's session `seconds` after noon. */
function entry(seconds: number, type: Entry["type"], more: Partial<Entry> = {}): Entry {
  return {
    id: `evt_${++made}` as EventId,
    robot: "rob_1" as RobotId,
    at: noon + seconds * 1_000,
    type,
    session: "rse_1" as SessionId,
    actor: { type: "gateway" },
    inferred: false,
    says: `${type}.`,
    ...more,
  };
}

const back = (seconds: number, type: Entry["type"] = "session.resumed", more: Partial<Entry> = {}) =>
  entry(seconds, type, { evidence: { instance: "ins_a" }, ...more });
const online = () => back(0, "session.online");
const cut = (seconds: number) => [entry(seconds, "session.away", broke), back(seconds + 2)];

describe("a path that flaps", () => {
  const flapping = [60, 120, 180, 240].flatMap(cut);

  test("is counted as one drop, beside others, with what its cuts took together", () => {
    const power = [entry(3_600, "session.away", broke), back(3_616, "session.resumed", { cause: "power.lost" })];
    const outages = outagesIn([online(), ...flapping, ...power]);
    expect(summaryOf(outages, day)).toBe("2 drops in 24 h: robot's path flapped once (4 cuts), power once; mean 12 s.");
    expect(outages[0]).toMatchObject({ at: noon + 60_000, backAt: noon + 242_000, flapped: { cuts: 4, awayMs: 8_000 } });
  });

  test("has not come back while its last cut goes on", () => {
    const outages = outagesIn([online(), ...flapping, entry(300, "session.away", broke)]);
    expect(summaryOf(outages, day)).toBe("1 drop in 24 h: robot's path flapped once (5 cuts); 1 without a return.");
  });

  test("is one row with what to do", () => {
    const [, row] = rowsIn([online(), ...flapping]);
    const [first, second] = row ? rowOf(row, { id: "u1", role: "owner" }).split("\n") : [];
    expect(first).toBe(`${localTime(noon + 242_000)}  The robot's path flapped for 3 min: 4 cuts, 8 s without a connection in all.`);
    expect(second?.trim()).toMatch(/^→ Look at the network on that side/);
  });
});

describe("following a path that flaps", () => {
  /** The rows that follow from each entry as it comes at its time, then from nothing new at the seconds given. */
  function followed(entries: readonly Entry[], ...looks: readonly number[]) {
    const follower = createFollower([online()]);
    const told = (found: readonly Entry[], now: number) => follower.next(found, now).map(({ type }) => type);
    return [...entries.map((one) => told([one], one.at)), ...looks.map((seconds) => told([], noon + seconds * 1_000))];
  }

  test("tells it once when it is plain, nothing of its further cuts, and once more when the path has held for 5 min", () => {
    const plain = [["session.away"], ["session.resumed"], ["session.away"], ["session.resumed"], ["path.flapped"], ["session.resumed"]];
    const quiet = [[], [], [], []];
    const cuts = [60, 120, 180, 240, 300].flatMap(cut);
    expect(followed(cuts, 601, 602, 603)).toEqual([...plain, ...quiet, [], ["path.flapped"], []]);
  });

  test("tells of an end that is away for 30 s nevertheless, and of its return", () => {
    const [away, resumed] = [entry(240, "session.away", broke), back(290)];
    const before = [60, 120, 180].flatMap(cut);
    const follower = createFollower([online(), ...before]);
    const told = (found: readonly Entry[], seconds: number) => follower.next(found, noon + seconds * 1_000).map(({ id }) => id);
    expect([told([away], 240), told([], 269), told([], 270), told([], 273), told([resumed], 290)]).toEqual([
      [],
      [],
      [away.id],
      [],
      [resumed.id],
    ]);
  });

  test("tells a cut that was none by what it was, once that is known", () => {
    const [away, resumed] = [entry(240, "session.away", broke), back(250, "session.resumed", { cause: "power.lost" })];
    const follower = createFollower([online(), ...[60, 120, 180].flatMap(cut)]);
    expect(follower.next([away], noon)).toEqual([]);
    expect(follower.next([resumed], noon + 10_000)).toEqual([away, resumed]);
  });
});
