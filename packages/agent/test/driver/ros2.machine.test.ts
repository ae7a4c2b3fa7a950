import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "../../../driver-ros2");
/** The system's own, which has the packages of Debian. */
const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

test("the drivers in Python pass their own tests", () => {
  const env = { ...process.env, PYTHONPATH: ".", PYTHONDONTWRITEBYTECODE: "1" };
  const { status, stderr } = spawnSync(python, ["-m", "unittest", "discover", "-s", "test"], { cwd: folder, env, encoding: "utf8" });
  expect([status, Number(/^Ran (\d+) tests/m.exec(stderr)?.[1]) >= 30, /^OK$/m.test(stderr)], stderr).toEqual([0, true, true]);
});
