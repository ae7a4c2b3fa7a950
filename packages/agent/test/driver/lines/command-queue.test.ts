import { fc, test as prop } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { createCommandQueue } from "../../../src/driver/lines/command-queue.ts";
import type { ToProgram } from "../../../src/driver/lines/message.ts";

const given = { epoch: 1, ageMs: 3, limit: 1 };

function start() {
  const written: ToProgram[] = [];
  const errands = createCommandQueue({ now: () => 7 }, (line) => written.push(line));
  return { written, errands };
}

describe("a program that is told what to do", () => {
  test("gets one command, and the newest of those that came meanwhile when it has done that", () => {
    const { written, errands } = start();
    for (const command of [1, 2, 3]) errands.command(command, given);
    expect(written).toEqual([{ type: "command", id: 1, command: 1, ...given }]);
    expect(errands.busySince).toBe(7);
    errands.done(1);
    expect(written.slice(1)).toEqual([{ type: "command", id: 2, command: 3, ...given }]);
    errands.done(2);
    expect([written.length, errands.busySince]).toEqual([2, undefined]);
  });

  test("gets a stop at once, and no command that was waiting before it", async () => {
    const { written, errands } = start();
    errands.command(1, given);
    errands.command(2, given);
    const stopped = errands.send({ type: "stop", reason: "deadman" });
    expect(written.at(-1)).toEqual({ type: "stop", id: 2, reason: "deadman" });
    errands.done(1);
    errands.done(2);
    await stopped;
    expect(written).toHaveLength(2);
  });

  test("that is closed resolves everything open and sends nothing any more", async () => {
    const { written, errands } = start();
    const stopped = errands.send({ type: "stop", reason: "stop" });
    errands.close();
    await stopped;
    await errands.send({ type: "stop", reason: "stop" });
    errands.command(1, given);
    expect(written).toHaveLength(1);
  });

  const act = fc.oneof(
    fc.record({ does: fc.constant("command" as const) }),
    fc.record({ does: fc.constant("stop" as const) }),
    fc.record({ does: fc.constant("done" as const), back: fc.nat(3) }),
  );
  prop.prop([fc.array(act, { maxLength: 60 })])("never has two commands before it, nor one from before a stop after it", (acts) => {
    const { written, errands } = start();
    let [number, stops, doneTo] = [0, 0, 0];
    const stopsBefore: number[] = [];
    for (const one of acts) {
      if (one.does === "command") {
        stopsBefore[number] = stops;
        errands.command(number++, given);
      } else if (one.does === "stop") {
        stops += 1;
        void errands.send({ type: "stop", reason: "stop" });
      } else {
        doneTo = Math.max(doneTo, written.length - one.back);
        errands.done(doneTo);
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
