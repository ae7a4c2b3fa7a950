import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

const command = join(import.meta.dirname, "../../src/conform/main.ts");
const source = join(import.meta.dirname, "../../../example-c");

test("the robot in C on webrtcbin, driven through the guard in C, conforms as far as the level drives", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tether-c-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await promisify(execFile)(join(source, "build.sh"), [folder]);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [command, "robot", "--command", `exec ${folder}/example-c {folder} {api} {code}`, "--level", "drives"],
    { encoding: "utf8" },
  ).catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? String(error) }));
  expect(stdout).not.toContain("FAILED");
  expect(stdout).toMatch(/^tether conform: (\d+) of \1 hold · level drives$/m);
});
