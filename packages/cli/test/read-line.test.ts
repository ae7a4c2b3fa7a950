import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { createReadLine } from "../src/read-line.ts";

const terminal = () => Object.assign(new PassThrough(), { isTTY: true });
const never = () => new AbortController().signal;

test("lines are read from a terminal one by one, and none after its end", async () => {
  const input = terminal();
  const readLine = createReadLine(input);
  const first = readLine(never());
  input.write("one\n");
  expect(await first).toBe("one");
  const last = readLine(never());
  input.end();
  expect(await last).toBeUndefined();
});

test("nothing is taken from a pipe, which is for another program", async () => {
  const input = new PassThrough();
  input.end("for the loop\n");
  expect(await createReadLine(input)(never())).toBeUndefined();
  expect(String(input.read())).toBe("for the loop\n");
});

test("whoever waits no more lets the program end", async () => {
  const input = terminal();
  const stop = new AbortController();
  const waiting = createReadLine(input)(stop.signal);
  stop.abort();
  expect(await waiting).toBeUndefined();
  expect(input.isPaused()).toBe(true);
});
