import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { platform } from "@tether/sdk/platform";
import { expect, test } from "vitest";
import { createLines } from "../../src/driver/lines/driver.ts";
import { spawnProgram } from "../../src/driver/lines/spawn.ts";
import { folder } from "../agent-process.ts";
import { startReference } from "../peer/rig.ts";
import { createWatch } from "../watch.ts";

const page = readFileSync(join(import.meta.dirname, "../../../../docs/driver.md"), "utf8");
const [, example = ""] = /```python\n(.*?)```/s.exec(page) ?? [];

type Told = { readonly linear: number; readonly travelled: number };

test("the Python program on docs/driver.md is driven by an operator, over a real peer connection", async () => {
  expect(example.trim().split("\n").length).toBeLessThanOrEqual(30);
  const path = join(folder(), "robot.py");
  writeFileSync(path, example);
  const said = createWatch<Record<string, unknown>>();
  const note = (_: string, facts: object) => said.put({ ...facts });
  const say = { progress() {}, event: note, result: note, trouble() {} };
  const driver = createLines({ clock: platform.clock, spawn: spawnProgram, say }, `python3 '${path}'`);
  await driver.start();
  const { join: attach } = await startReference(driver);
  const ada = attach("operator");
  ada.drive.request();
  await ada.ready();
  ada.hold({ linear: 0.5, angular: 0.1 });
  const telemetry = (holds: (told: Told) => boolean, from?: number) =>
    ada.heard.until("telemetry", ({ name, event }) => name === "telemetry" && holds(event as Told), from);
  await telemetry(({ linear, travelled }) => linear === 0.5 && travelled > 0);
  const mark = ada.heard.all.length;
  ada.letGo();
  await said.until("the program's word", ({ says }) => says === "stopped: deadman");
  await telemetry(({ linear }) => linear === 0, mark);
  ada.drive.stop("a cat");
  await said.until("the program's word", ({ says }) => says === "stopped: stop");
  expect(said.all.filter(({ event }) => event !== "driver.log")).toEqual([]);
});
