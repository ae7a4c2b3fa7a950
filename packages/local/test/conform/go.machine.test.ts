import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { realClock } from "../../src/clock/real.ts";
import { levelOf, linesOf } from "../../src/conform/report.ts";
import { judgeRobot } from "../../src/conform/run.ts";

const source = join(import.meta.dirname, "../../../example-go");

test("the robot in Go, written from the documents, conforms as far as the level drives", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tether-go-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await promisify(execFile)(join(source, "build.sh"), [folder]);
  const { verdicts, output } = await judgeRobot({
    clock: realClock,
    command: `exec ${folder}/example-go {folder} {api} {code}`,
    level: "drives",
  });
  const failed = verdicts.filter(({ outcome }) => outcome !== "passed");
  expect(failed.map(linesOf).join("\n"), output).toBe("");
  expect(levelOf(verdicts)).toBe("drives");
});
