import { fc, test as prop } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { createCommandQueue } from "../../../src/driver/lines/command-queue.ts";
import type { ToProgram } from "../../../src/driver/lines/message.ts";

const given = { epoch: 1, ageMs: 3, limit: 1 };

function start() {
  const written: ToProgram[] = [];
  const queue = createCommandQueue({ now: () => 7 }, (line) => written.push(line));
  return { written, queue };
}

describe("a program that is told what to do", () => {
  test("gets one command, and the newest of those that came meanwhile when it has done that", () => {
    const { written, queue } = start();
    for (const command of [1, 2, 3]) queue.command(command, given);
    expect(written).toEqual([{ type: "command", id: 1, command: 1, ...given }]);
    expect(queue.busySince).toBe(7);
    queue.done(1);
    expect(written.slice(1)).toEqual([{ type: "command", id: 2, command: 3, ...given }]);
    queue.done(2);
    expect([written.length, queue.busySince]).toEqual([2, undefined]);
  });

  test("gets a stop at once, and no command that was waiting before it", async () => {
    const { written, queue } = start();
    queue.command(1, given);
    queue.command(2, given);
    const stopped = queue.send({ type: "stop", reason: "deadman" });
    expect(written.at(-1)).toEqual({ type: "stop", id: 2, reason: "deadman" });
    queue.done(1);
    queue.done(2);
    await stopped;
    expect(written).toHaveLength(2);
  });

  test("that is closed resolves everything open and sends nothing any more", async () => {
    const { written, queue } = start();
    const stopped = queue.send({ type: "stop", reason: "stop" });
    queue.close();
    await stopped;
    await queue.send({ type: "stop", reason: "stop" });
    queue.command(1, given);
    expect(written).toHaveLength(1);
  });

  const act = fc.oneof(
    fc.record({ does: fc.constant("command" as const) }),
    fc.record({ does: fc.constant("stop" as const) }),
    fc.record({ does: fc.constant("done" as const), back: fc.nat(3) }),
  );
  prop.prop([fc.array(act, { maxLength: 60 })])("never has two commands before it, nor one from before a stop after it", (acts) => {
    const { written, queue } = start();
    let [number, stops, doneTo] = [0, 0, 0];
    const stopsBefore: number[] = [];
    for (const one of acts) {
      if (one.does === "command") {
        stopsBefore[number] = stops;
        queue.command(number++, given);
      } else if (one.does === "stop") {
        stops += 1;
        void queue.send({ type: "stop", reason: "stop" });
      } else {
        doneTo = Math.max(doneTo, written.length - one.back);
        queue.done(doneTo);
      }
      const open = written.filter(({ type, id }) => type === "command" && id > doneTo);
      expect(open.length).toBeLessThanOrEqual(1);
    }
    let seen = 0;
    for (const line of written) {
      if (line.type === "stop") seen += 1;
      else if (line.type === "command") expect(stopsBefore[Number(line.command)]).toBe(seen);
    }
    expect(seen).toBe(stops);
  });
});

describe("presses of buttons", () => {
  const press = (id: number, button: string) => ({ type: "press", id, button, epoch: 1, ageMs: 3 });

  test("come one after the other, each once the one before is done, and none is lost to a newer command", () => {
    const { written, queue } = start();
    queue.command(1, given);
    queue.press("lights", given);
    queue.command(2, given);
    queue.press("horn", given);
    queue.command(3, given);
    for (const id of [1, 2, 3]) queue.done(id);
    expect(written.slice(1)).toEqual([press(2, "lights"), press(3, "horn"), { type: "command", id: 4, command: 3, ...given }]);
  });

  test("that wait do not come after a stop, and of a flood only so many wait", () => {
    const { written, queue } = start();
    queue.press("lights", given);
    queue.press("home", given);
    void queue.send({ type: "stop", reason: "stop" });
    queue.done(1);
    queue.done(2);
    expect(written.map(({ type }) => type)).toEqual(["press", "stop"]);
    for (let times = 0; times < 100; times += 1) queue.press("horn", given);
    for (let id = 3; id < 200; id += 1) queue.done(id);
    expect(written.filter(({ type }) => type === "press")).toHaveLength(1 + 17);
  });
});
