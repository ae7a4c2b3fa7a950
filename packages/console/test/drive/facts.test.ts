import { problems } from "@tether/protocol/problem";
import { expect, test } from "vitest";
import { next } from "../../src/drive/facts.ts";
import { after, at, byOlive, control, driving, held, olive, online, own, session, there, user, vera } from "./examples.ts";

const request = { from: olive, user, answerBy: at + 15_000 };
const requested = { type: "requested", event: request } as const;

test("a robot that is not among the peers at first is not there; one that was is told of by its end", () => {
  const alone = session("online", []);
  expect(after(alone).robot).toEqual({ state: "absent" });
  expect(after(online, alone).robot).toEqual({ state: "online" });
  expect(after(online, { type: "peer.ended", event: { session: vera, cause: "robot.left" } }).robot).toMatchObject({
    state: "ended",
    why: { says: "The robot signed off." },
  });
});

test("a robot without a driver is undrivable until it makes a peer connection or its session ends [P12]", () => {
  const undrivable = { type: "undrivable" } as const;
  const ended = { type: "peer.ended", event: { session: vera, cause: "robot.left" } } as const;
  expect(after(online, undrivable).isUndrivable).toBe(true);
  expect(after(online, undrivable, { type: "path", path: "connecting" }).isUndrivable).toBe(true);
  expect(after(online, undrivable, { type: "path", path: "connected" }).isUndrivable).toBe(false);
  expect(after(online, undrivable, ended).isUndrivable).toBe(false);
});

test("a robot that is away says until when and why, and keeps saying so while this end is welcomed again", () => {
  const away = { type: "peer.away", event: { session: vera, backBy: at + 600_000, cause: "connection.lost" } } as const;
  const peers = [{ session: vera, kind: "robot", state: "away", epoch: 1, backBy: at + 600_000 }] as const;
  expect(after(online, away, session("online", peers)).robot).toMatchObject({
    backBy: at + 600_000,
    why: { says: "The connection broke." },
  });
  expect(after(session("online", peers)).robot).toEqual({ state: "away", backBy: at + 600_000, why: undefined });
});

test("this end's outage counts from when its connection was lost, over every attempt, to its end", () => {
  const lost = next(after(online), session("waiting"), at + 1_000);
  const again = next(lost, session("connecting"), at + 5_000);
  expect([lost.offlineSince, again.offlineSince]).toEqual([at + 1_000, at + 1_000]);
  expect(next(again, online, at + 6_000).offlineSince).toBeUndefined();
});

test("a holder who loses control is told by whom and why, unless they did it themselves", () => {
  const lost = after(...driving, control(olive, { because: "taken", actor: byOlive, reason: "my turn" }));
  expect(lost.news).toEqual({ type: "lost", because: "taken", actor: byOlive, reason: "my turn" });
  expect(after(...driving, control(olive)).news).toMatchObject({ type: "lost", because: undefined });
  expect(after(...there, control(olive), control(vera, { because: "given", actor: byOlive })).news).toBeUndefined();
});

test("a session that is over holds no control, is asked by nobody, and knows of no stop in force", () => {
  const stopped = { type: "order", event: { stop: { number: 1, kept: true } } } as const;
  const over = after(...driving, requested, stopped, session("stopped"));
  expect(over).toMatchObject({ mine: false, control: undefined, requests: [], inForce: undefined, own });
});

test("a request lasts until it is answered, its time is over, or control is another's", () => {
  const asked = after(...driving, requested);
  expect(asked.requests).toEqual([request]);
  expect(next(asked, { type: "due" }, at + 14_999).requests).toEqual([request]);
  expect(next(asked, { type: "due" }, at + 15_000).requests).toEqual([]);
  expect(next(asked, { type: "answered", request: olive }, at).requests).toEqual([]);
  expect(next(asked, control(vera, { because: "taken", actor: byOlive }), at).requests).toEqual([]);
});

test("asked again, someone is listed once", () => {
  expect(after(...driving, requested, requested).requests).toHaveLength(1);
});

test("asking takes old news off, and a refusal ends it", () => {
  const denied = { type: "denied", event: { actor: byOlive, reason: "not now" } } as const;
  const asking = after(...there, control(olive), denied, { type: "asking", asking: true }, { type: "asked", event: { answerBy: at + 9 } });
  expect([asking.asking, asking.answerBy, asking.news]).toEqual([true, at + 9, undefined]);
  const refused = [denied, { type: "asking", asking: false } as const].reduce((facts, happening) => next(facts, happening, at), asking);
  expect([refused.asking, refused.answerBy, refused.news?.type]).toEqual([false, undefined, "denied"]);
});

test("a refusal of the broker is news, but for a stop and for a release of control that is not held", () => {
  const problem = (code: "access.denied" | "stop.undelivered" | "control.unheld") =>
    ({ type: "problem", event: { code, says: problems[code].says, remedy: problems[code].remedy } }) as const;
  expect(after(...there, problem("access.denied")).news).toMatchObject({ type: "problem", code: "access.denied" });
  expect(after(...there, problem("control.unheld")).news).toBeUndefined();
  const ways = { channel: false, broker: true };
  expect(after(...there, { type: "stop", ways }, problem("stop.undelivered"))).toMatchObject({
    stop: { state: "failed" },
    news: undefined,
  });
});

test("any stop by order confirms one's own; a dead-man's stop does not", () => {
  const sent = after(...there, { type: "stop", ways: { channel: true, broker: true } });
  const stopped = (reason: "stop" | "deadman") => ({ type: "stopped", event: { reason, latencyMs: 40 } }) as const;
  expect(next(sent, stopped("deadman"), at).stop?.state).toBe("sent");
  expect(next(sent, stopped("stop"), at)).toMatchObject({ stop: { state: "stood", latencyMs: 40 }, stopped: { reason: "stop", at } });
});

test("once the session is over, a stop that has no way has failed at once", () => {
  const over = after(online, session("stopped"));
  expect(next(over, { type: "stop", ways: { channel: false, broker: false } }, at).stop).toEqual({ state: "failed" });
});

test("control that is held already when the page comes back is no news", () => {
  const facts = after(...there, { type: "control", event: { control: held(own), mine: true }, policy: undefined });
  expect([facts.mine, facts.news]).toEqual([true, undefined]);
});
