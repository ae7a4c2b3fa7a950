import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { crashed, type Report, unhandled } from "../tally.ts";

const root = join(import.meta.dirname, "../..");

const files = {
  "crash.test.js": 'test("one", () => {});\ntest("crashes", () => process.kill(process.pid, "SIGKILL") && new Promise(() => {}));',
  "throw.test.js":
    'test("passes", async () => { setTimeout(() => { throw new TypeError("late"); }); await new Promise((go) => setTimeout(go, 50)); });',
  "pass.test.js": 'test("passes", () => {});',
};

test("the report names what is thrown outside of every test, and a file whose process crashed, as Vitest tells of them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tether-report-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const report = join(folder, "report.json");
  const child = spawn(
    process.execPath,
    [
      ...[join(root, "node_modules/vitest/vitest.mjs"), "run", "--root", folder, "--globals"],
      ...[`--reporter=${join(root, "check/reporter.ts")}`, `--outputFile.json=${report}`],
    ],
    { stdio: "ignore" },
  );
  expect((await once(child, "exit"))[0]).toBe(1);
  const told = JSON.parse(readFileSync(report, "utf8")) as Report;
  expect(crashed(told)).toEqual([join(folder, "crash.test.js")]);
  expect(unhandled(told)).toEqual([{ says: "TypeError: late", files: [join(folder, "throw.test.js")], exited: false }]);
  expect(told.unhandled?.filter(({ exited }) => exited)).toMatchObject([{ files: [join(folder, "crash.test.js")] }]);
});
