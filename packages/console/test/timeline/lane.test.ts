import { expect, test } from "vitest";
import type { Event } from "../../src/timeline/event.ts";
import { lanesOf } from "../../src/timeline/lane.ts";
import { peopleIn } from "../../src/timeline/people.ts";
import type { Lane } from "../../src/timeline/span.ts";
import { begin, entry, olive, rover, visit } from "./entries.ts";

const end = begin + 1_000_000;

function lanes(...events: Event[]): Lane[] {
  return lanesOf({ events, since: begin, now: end });
}

/** A lane's stretches as `state from–to`, in seconds since the begin; `now` where it still lasts. */
function spans(all: Lane[], id: string): string[] {
  const lane = all.find((one) => one.id === id);
  const second = (at: number) => (at === end ? "now" : (at - begin) / 1_000);
  return lane?.spans.map(({ state, from, to }) => `${state} ${second(from)}–${second(to)}`) ?? [];
}

const robot = { session: rover, actor: { type: "robot", id: "rob_1" } };
const client = { session: visit, actor: olive };

test("a robot's connection is shown from its opening to its end, with every gap", () => {
  const all = lanes(
    entry(10, "session.opening", robot),
    entry(12, "session.online", robot),
    entry(60, "session.away", robot),
    entry(70, "session.resumed", robot),
    entry(100, "session.ended", robot),
  );
  expect(spans(all, "robot")).toEqual(["opening 10–12", "online 12–60", "away 60–70", "online 70–100", "offline 100–now"]);
});

test("a client's session is named by an entry in which somebody else acted", () => {
  const lost = { session: visit, actor: { type: "gateway" }, user: { id: "u1", name: "Oscar" } };
  expect(peopleIn([entry(60, "session.away", lost)]).get(visit)).toEqual({ id: "u1", name: "Oscar" });
});

test("a state that still lasts reaches to now", () => {
  expect(spans(lanes(entry(10, "session.online", robot)), "robot")).toEqual(["online 10–now"]);
});

test("each stretch knows the entries that began and ended it", () => {
  const [online, away, back] = [entry(1, "session.online", robot), entry(2, "session.away", robot), entry(3, "session.resumed", robot)];
  const lane = lanes(online, away, back).find(({ id }) => id === "robot");
  expect(lane?.spans.map(({ began, ended }) => [began?.id, ended?.id])).toEqual([
    [online.id, away.id],
    [away.id, back.id],
    [back.id, undefined],
  ]);
});

test("the time without a session is a stretch of its own, which says how the last one ended and what came next", () => {
  const again = { session: "rse_01JZ0000000000000000000009", actor: { type: "robot", id: "rob_1" } };
  const [ended, opening] = [entry(20, "session.ended", robot), entry(90, "session.opening", again)];
  const all = lanes(entry(1, "session.online", robot), ended, opening, entry(91, "session.online", again));
  expect(spans(all, "robot")).toEqual(["online 1–20", "offline 20–90", "opening 90–91", "online 91–now"]);
  const gap = all[0]?.spans.find(({ state }) => state === "offline");
  expect([gap?.began?.id, gap?.ended?.id]).toEqual([ended.id, opening.id]);
});

test("a session that began before what is known is shown from there on", () => {
  expect(spans(lanes(entry(20, "session.away", robot)), "robot")).toEqual(["online 0–20", "away 20–now"]);
  expect(spans(lanes(entry(20, "session.ended", robot)), "robot")).toEqual(["away 0–20", "offline 20–now"]);
});

test("a hand-over to a next connection leaves no gap, whether or not it says hello", () => {
  const opening = entry(10, "session.opening", robot);
  const [online, superseded] = [entry(1, "session.online", robot), entry(11, "session.superseded", robot)];
  expect(spans(lanes(online, opening, superseded), "robot")).toEqual(["online 1–now"]);
  expect(spans(lanes(online, opening, entry(40, "session.lapsed", robot)), "robot")).toEqual(["online 1–now"]);
});

test("a connection of an away session that never says hello leaves it away", () => {
  const all = lanes(
    entry(1, "session.online", robot),
    entry(5, "session.away", robot),
    entry(6, "session.opening", robot),
    entry(36, "session.lapsed", robot),
  );
  expect(spans(all, "robot")).toEqual(["online 1–5", "away 5–6", "opening 6–36", "away 36–now"]);
});

test("a lease that ran out and was renewed in time is shown in the connection and in the lease", () => {
  const all = lanes(entry(1, "session.online", robot), entry(50, "session.expired", robot), entry(55, "session.renewed", robot));
  expect(spans(all, "robot")).toEqual(["online 1–50", "expired 50–55", "online 55–now"]);
  expect(spans(all, "lease")).toEqual(["lease 1–50", "lease 55–now"]);
  expect(all.find(({ id }) => id === "lease")?.marks.map(({ type }) => type)).toEqual(["session.expired", "session.renewed"]);
});

test("the driver's lane shows what becomes of control while the holder is away", () => {
  const of = (from: string) => ({ session: visit, evidence: { from } });
  const all = lanes(
    entry(10, "control.granted", client),
    entry(20, "control.away", of("Olive")),
    entry(25, "control.returned", of("Olive")),
    entry(30, "control.given", { ...client, evidence: { from: "Olive", to: "Oscar" } }),
    entry(40, "control.released", of("Oscar")),
  );
  const control = all.find(({ id }) => id === "control");
  expect(spans(all, "control")).toEqual(["held 10–20", "kept 20–25", "held 25–30", "held 30–40"]);
  expect(control?.spans.map(({ label }) => label)).toEqual(["Olive", "Kept for Olive", "Olive", "Oscar"]);
});

test("a request that was refused changes nothing about who drives", () => {
  const all = lanes(
    entry(10, "control.granted", client),
    entry(15, "control.requested", { session: "cse_2", actor: olive }),
    entry(20, "control.denied", client),
  );
  expect(spans(all, "control")).toEqual(["held 10–now"]);
});

test("each person has a lane of their own, whatever number of sessions they had", () => {
  const again = { session: "cse_01JZ0000000000000000000001", actor: olive };
  const oscar = { session: "cse_01JZ0000000000000000000002", actor: { type: "user", id: "u2", name: "Oscar" } };
  const all = lanes(
    entry(1, "session.online", client),
    entry(5, "session.ended", { session: visit, actor: { type: "gateway" } }),
    entry(8, "session.online", again),
    entry(9, "session.online", oscar),
  );
  expect(all.map(({ label }) => label)).toEqual(["Robot", "Olive", "Oscar"]);
  expect(spans(all, "client u1")).toEqual(["online 1–5", "online 8–now"]);
});

test("every entry is a mark on some lane", () => {
  const events = [
    entry(1, "robot.created"),
    entry(2, "session.online", robot),
    entry(3, "session.online", client),
    entry(4, "robot.stopped", client),
    entry(5, "credential.cloned", robot),
  ];
  const marked = new Set(lanes(...events).flatMap(({ marks }) => marks.map(({ id }) => id)));
  expect([...marked].sort()).toEqual(events.map(({ id }) => id).sort());
});
