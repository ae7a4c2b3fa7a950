import { once } from "node:events";
import { createVirtualClock } from "@tether/local/clock/virtual";
import { expect, test } from "vitest";
import { createProgramGroup } from "../../../src/media/camera/program-group.ts";
import type { ProcessGroup } from "../../../src/supervisor/process-group.ts";
import { isRunning } from "../../agent-process.ts";

test("a program that heeds no SIGTERM is ended with its shell, which does and ends before it", async () => {
  const clock = createVirtualClock({ startAt: 0, idle: () => new Promise((resolve) => setImmediate(resolve)) });
  const [began, gone] = [[] as ProcessGroup[], [] as ProcessGroup[]];
  const notify = {
    log() {},
    began: (group: ProcessGroup) => void began.push(group),
    ended: (group: ProcessGroup) => void gone.push(group),
  };
  const programs = createProgramGroup({ clock, notify, name: "front", closed() {}, ended() {} });
  const said = Promise.withResolvers<string>();
  const shell = programs.run("trap '' TERM; sleep 1000 >/dev/null & trap - TERM; echo $!; wait", [], { shell: true }, said.resolve);
  const line = await said.promise;
  let isClosed = false;
  const closed = programs.close().then(() => {
    isClosed = true;
  });
  await once(shell, "exit");
  expect(gone).toEqual([]);
  while (!isClosed) await clock.advance(50);
  await closed;
  expect(gone).toEqual(began);
  await expect.poll(() => isRunning(Number(line))).toBe(false);
});
