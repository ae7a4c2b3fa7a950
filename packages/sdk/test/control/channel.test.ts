import { Command } from "@tether/protocol/control";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { read } from "../../src/control/channel.ts";

const { message } = limits.control;
const said = (command: string) => `{"type":"command","epoch":1,"seq":1,"sentAt":1,"command":${command}}`;
const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

test("a message is nested as deep as may be, and no deeper [R25]", () => {
  expect(read(Command, said(nested(message.depth - 1)))).toBeDefined();
  expect(read(Command, said(nested(message.depth)))).toBeUndefined();
  expect(read(Command, said(nested(20_000)))).toBeUndefined();
});

test("a message is as long as may be, and no longer [R25]", () => {
  const fill = message.length - said('""').length;
  expect(read(Command, said(`"${"x".repeat(fill)}"`))).toBeDefined();
  expect(read(Command, said(`"${"x".repeat(fill + 1)}"`))).toBeUndefined();
});
