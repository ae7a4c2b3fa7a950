import { describe, expect, test } from "vitest";
import { alarmsBetween, titleOf } from "../../../src/drive/alarm/alarm.ts";
import { type Happening, next } from "../../../src/drive/facts.ts";
import { after, at, byOlive, driving, heard, olive, own, session, silent, there, user, vera } from "../examples.ts";

const request = (from = olive): Happening => ({ type: "requested", event: { from, user, answerBy: at + 15_000 } });
const inForce = (number = 1, kept = true): Happening => ({ type: "order", event: { stop: { number, kept } } });
const pressed: Happening = { type: "pressed", event: { at, by: byOlive, reached: true } };
const away: Happening = { type: "peer.away", event: { session: own, backBy: undefined, cause: undefined } };
const ownStop: Happening = { type: "stop", ways: { channel: true, broker: true } };

/** The alarms that the last of these happenings raises. */
function alarms(...happenings: Happening[]): string[] {
  const last = happenings.at(-1);
  const before = after(...happenings.slice(0, -1));
  return last ? alarmsBetween(before, next(before, last, at), "Rover").map(({ says }) => says) : [];
}

describe("an alarm", () => {
  test.each<[string, readonly Happening[], readonly string[]]>([
    ["someone asks for control", [...driving, request()], ["Olive asks for control of Rover."]],
    ["the same one asks again", [...driving, request(), request()], []],
    ["another asks too", [...driving, request(), request(vera)], ["Olive asks for control of Rover."]],
    ["someone stopped the robot", [...there, pressed, inForce()], ["Olive stopped Rover."]],
    ["nobody knows yet who did", [...there, inForce()], ["A stop is in force at Rover."]],
    ["that stop is only told anew", [...there, inForce(), inForce(1, false)], []],
    ["another stop followed", [...there, inForce(), inForce(2)], ["A stop is in force at Rover."]],
    ["one stopped it here", [...driving, ownStop, inForce()], []],
    ["the robot falls silent", [...there, silent], ["Rover does not answer any more."]],
    ["the robot's connection breaks", [...there, away], ["Rover does not answer any more."]],
    ["one follows the other", [...there, silent, away], []],
    ["it answers again", [...there, silent, heard], []],
    ["it was never there", [session("online", [])], []],
  ])("when %s", (_, happenings, says) => {
    expect(alarms(...happenings)).toEqual(says);
  });
});

test.each<[string, readonly Happening[], string | undefined]>([
  ["nothing is the matter", driving, undefined],
  ["a stop is in force", [...there, inForce()], "STOP"],
  ["the robot is silent under a stop", [...there, inForce(), silent], "No answer"],
  ["someone waits for an answer, whatever else is so", [...driving, inForce(), silent, request()], "Olive asks for control"],
  ["the request was answered", [...driving, request(), { type: "answered", request: olive }], undefined],
])("the title, where %s, says so", (_, happenings, title) => {
  expect(titleOf(after(...happenings))).toBe(title);
});
