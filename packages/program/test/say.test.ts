import { expect, test } from "vitest";
import { printable } from "../src/printable.ts";
import { createSay } from "../src/say.ts";

/** Moves the cursor, clears the screen, rings, turns text around, and pretends to be another line. */
const name = "Rover\u001b[2J\u0007\u009b1A\u202e\nadmin  rob_x";

function saying(json: boolean) {
  const lines: string[] = [];
  const keep = (line: string) => void lines.push(line);
  return { say: createSay({ out: keep, err: keep }, { json, codeOf: () => 1 }), lines };
}

test("a robot's name moves no cursor and makes no line of its own, however it is said", () => {
  const { say, lines } = saying(false);
  say.progress(printable(name));
  say.event(`${printable(name)} is online.`, { name });
  say.result(`Robot  ${printable(name)}`, { name });
  say.trouble({ exit: "failed", code: "x", says: name, remedy: name });
  for (const line of lines.slice(0, 3)) expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
  // The trouble has two lines: the fact, and what to do.
  expect(lines[3]?.split("\n")).toHaveLength(2);
  expect(lines[3]?.replace("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
});

test("a text that forgot to make a name harmless moves no cursor either", () => {
  const { say, lines } = saying(false);
  say.event(`${name} is online.`, {});
  expect(lines[0]?.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
});

test("programs get the name as it is, on one line", () => {
  const { say, lines } = saying(true);
  say.result("", { name });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toEqual({ name });
  expect(lines[0]).not.toMatch(/\n/);
});
