import { defaultPolicy } from "@tether/protocol/control";
import { ControlBecause } from "@tether/protocol/frame/control";
import { blocks } from "@tether/sdk/client";
import { reason } from "@tether/sdk/reason";
import { describe, expect, test } from "vitest";
import { controlWords, newsWords } from "../../src/drive/control-words.ts";
import { endingOf } from "../../src/drive/ending.ts";
import { type Happening, next } from "../../src/drive/facts.ts";
import { linkWords, noPicture } from "../../src/drive/link-words.ts";
import { pressOf, stopNoteWords } from "../../src/drive/press.ts";
import { after, at, byOlive, connected, control, driving, heard, olive, online, own, session, silent, there } from "./examples.ts";

const asking: Happening = { type: "asking", asking: true };
const asked: Happening = { type: "asked", event: { answerBy: at + 15_000 } };
const generous = { ...control(olive), policy: { ...defaultPolicy, takers: "operator", unanswered: "grant" } } as Happening;
const blocked = (why: keyof typeof blocks): Happening => ({ type: "drive", event: { canDrive: false, why } });

describe("control", () => {
  test.each([
    ["free", "operator", [control()], "Nobody drives.", ["request"]],
    ["held by another", "operator", [control(olive)], "Olive drives.", ["request"]],
    ["held by another, for an owner", "owner", [control(olive)], "Olive drives.", ["request", "take"]],
    ["held by another, where operators may take it", "operator", [generous], "Olive drives.", ["request", "take"]],
    ["asked for", "operator", [control(olive), asking, asked], "You asked Olive for control.", ["cancel"]],
    ["asked for, by an owner", "owner", [control(olive), asking], "You asked Olive for control.", ["cancel", "take"]],
    [
      "kept for who is away",
      "operator",
      [control(olive, {}, { keptUntil: at + 20_000 })],
      "Olive is away; control is kept for them.",
      ["request"],
    ],
    ["one's own", "operator", [control(own), blocked("robot.deciding")], `You have control. ${blocks["robot.deciding"].says}`, ["release"]],
    [
      "one's own, stopped",
      "operator",
      [control(own), blocked("stopped")],
      `You have control. ${blocks.stopped.says}`,
      ["resume", "release"],
    ],
    ["another's, to a viewer", "viewer", [control(olive)], "Olive drives.", []],
    ["free, to a viewer", "viewer", [control()], "Nobody drives.", []],
  ] as const)("that is %s says so, and what one can do", (_, role, happenings, says, acts) => {
    expect(controlWords(after(...there, ...happenings), role, at)).toMatchObject({ says, acts, canDrive: false });
  });

  test("drives where the robot obeys, and goes on to while this page's signalling is away", () => {
    const away = next(after(...driving), session("waiting"), at);
    expect([controlWords(after(...driving), "operator", at).canDrive, controlWords(away, "operator", at).canDrive]).toEqual([true, true]);
  });

  test("of another is not asked for while this page's signalling is away", () => {
    const away = next(after(...there, control(olive)), session("waiting"), at);
    expect(controlWords(away, "owner", at).acts).toEqual([]);
  });

  test("that was asked for counts down to the answer, and says what none means", () => {
    expect(controlWords(after(...there, control(olive), asking, asked), "operator", at + 1_000)).toMatchObject({
      clock: "0:14 left to answer.",
      remedy: "Without an answer it is a no.",
    });
    expect(controlWords(after(...there, generous, asking), "operator", at).remedy).toBe("Without an answer you get it.");
  });
});

describe("news", () => {
  test("of control that was taken names who and why", () => {
    const says = newsWords({ type: "lost", because: "taken", actor: byOlive, reason: "a child on the way" })?.says;
    expect(says).toBe("Olive took control. “a child on the way”");
  });

  test.each(ControlBecause.options)("of control lost as %s has words, or is one's own doing", (because) => {
    const words = newsWords({ type: "lost", because, actor: byOlive });
    expect(words === undefined).toBe(["released", "away", "returned", "granted", "superseded", "configured"].includes(because));
  });

  test("of a refusal says whose it was", () => {
    expect(newsWords({ type: "denied", actor: byOlive, reason: "not now" })?.says).toContain("Olive refused");
    expect(newsWords({ type: "denied", actor: { type: "system" } })?.says).toContain("did not answer");
  });

  test("speaks no protocol", () => {
    const words = newsWords({ type: "problem", code: "control.unheld", says: "…", remedy: "Ask for it with control.request." });
    expect(words?.remedy).toBe("Request control.");
  });
});

describe("the connection", () => {
  const waiting = session("waiting");
  const away: Happening = { type: "peer.away", event: { session: own, backBy: at + 600_000, cause: "connection.lost" } };

  test("with a robot that has no driver says so, and how to start it with one [P12]", () => {
    const { word, says, remedy } = linkWords(after(online, { type: "undrivable" }), at);
    expect([word, says]).toEqual(["No driver", expect.stringContaining("nobody can drive")]);
    expect(remedy).toContain("--driver simulated");
  });

  test("of all three says that it is well", () => {
    expect(linkWords(after(...there), at)).toMatchObject({ word: "Connected", tone: "good" });
  });

  test("of a driver who lost touch says that driving goes on, and for how long it surely does", () => {
    const lost = next(after(...driving), waiting, at);
    expect(linkWords(lost, at + 5_000)).toMatchObject({
      word: "Page away",
      tone: "warn",
      clock: expect.stringContaining("another 0:15 at least"),
    });
    expect(linkWords(lost, at + 5_000).says).toContain("You keep driving");
    expect(linkWords(lost, at + 20_000).clock).toContain("kept for you no longer");
  });

  test("of a watcher who lost touch promises the picture and STOP, and no driving", () => {
    const says = linkWords(next(after(...there, control(olive)), waiting, at), at).says;
    expect([says.includes("goes on, and STOP works"), says.includes("driving")]).toEqual([true, false]);
  });

  test("of a robot that lost touch says why, until when it is waited for, and that driving goes on", () => {
    const { says, clock } = linkWords(after(...driving, away), at + 60_000);
    expect(says).toContain("The connection broke. You keep driving");
    expect(clock).toContain("another 9:00");
  });

  test.each([
    ["this page is away", [online, waiting]],
    ["the robot is away", [online, away]],
    ["this page is away, to a robot that is silent", [...driving, silent, waiting]],
    ["the robot is away and silent", [...driving, silent, away]],
  ] as const)("that has no path while %s promises nothing", (_, happenings) => {
    expect(linkWords(after(...happenings), at)).toMatchObject({
      tone: "bad",
      remedy: expect.stringContaining("no driving until it is back"),
    });
  });

  test("that looks well, with a robot that does not answer, says so and since when", () => {
    const facts = after(...driving, silent, { type: "drive", event: { canDrive: false, why: "robot.silent" } });
    expect(linkWords(facts, at + 4_000)).toMatchObject({ word: "No answer", tone: "bad", clock: "For 5 seconds." });
    expect(controlWords(facts, "operator", at)).toMatchObject({ word: "No answer", tone: "bad", canDrive: false });
  });

  test("that finds no path says what to do", () => {
    expect(linkWords(after(online, { type: "path", path: "failed" }), at).remedy).toContain("diagnostics");
  });

  test("with a robot that is not there says how it comes", () => {
    expect(linkWords(after(session("online", [])), at).remedy).toContain("Start its agent");
  });

  test("says why there is no picture", () => {
    expect(noPicture(after(online, connected, heard), at)).toContain("no camera");
    expect(noPicture(after(session("online", [])), at)).toContain("The robot is not online.");
    expect(noPicture(after(online, session("stopped")), at)).toContain("over");
  });
});

describe("a stop in force", () => {
  const order: Happening = { type: "order", event: { stop: { number: 1, kept: true } } };
  const pressed = (pressedAt: number): Happening => ({
    type: "pressed",
    event: { at: pressedAt, by: byOlive, reached: true, reason: "a child" },
  });

  test.each([
    ["came first from the robot", [order, pressed(at - 300)]],
    ["came first from Tether", [pressed(at - 300), order]],
  ] as const)("whose word %s names who pressed STOP, and when", (_, happenings) => {
    const facts = after(...there, ...happenings);
    const press = pressOf(facts);
    expect(stopNoteWords(facts, { press }).says).toMatch(/^Olive stopped the robot at [^ ]+\. “a child”$/);
  });

  test("is not laid to who pressed STOP long before", () => {
    expect(pressOf(after(...there, pressed(at - 10_001), order))).toBeUndefined();
    expect(pressOf(after(...there, pressed(at - 10_000), order))).toBeDefined();
  });

  test("of which only the timeline tells says no more than that", () => {
    const facts = after(...there, order);
    const { says } = stopNoteWords(facts, { last: { by: byOlive, at } });
    expect(says).toMatch(/^The robot was stopped\. The last STOP that Tether knows of is Olive’s, at /);
    expect(stopNoteWords(facts, {}).says).toBe("The robot was stopped.");
  });

  test("says who can resume, and warns where the robot would forget it", () => {
    const unkept: Happening = { type: "order", event: { stop: { number: 1, kept: false } } };
    expect(stopNoteWords(after(...there, order), {})).not.toHaveProperty("warns");
    expect(stopNoteWords(after(...driving, unkept), {})).toMatchObject({
      remedy: "See that the way is clear, then resume.",
      warns: expect.stringContaining("cannot keep"),
    });
  });

  test("is known since the robot first told of it, and no more once somebody resumed", () => {
    const facts = next(after(...there, order), { type: "order", event: { stop: { number: 1, kept: false } } }, at + 5_000);
    expect(facts.inForce).toEqual({ number: 1, kept: false, since: at });
    expect(next(facts, { type: "order", event: { stop: undefined } }, at).inForce).toBeUndefined();
  });
});

describe("a session that is over", () => {
  test.each([
    ["superseded", "here"],
    ["user.revoked", "sign-in"],
    ["auth.invalid", "sign-in"],
    ["grant.removed", "robots"],
    ["robot.unknown", "robots"],
    ["grace.over", "again"],
    ["admin.ended", "again"],
  ] as const)("as %s can be gone on from: %s", (code, remedy) => {
    expect(endingOf({ ...reason("end.left"), code }).remedy).toBe(remedy);
  });

  test("names who ended it", () => {
    expect(endingOf({ ...reason("admin.ended"), actor: byOlive }).says).toContain("Olive");
  });
});
