import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { python } from "../../sdk/test/python.ts";

const folder = join(import.meta.dirname, "..");

test("the package's own tests pass", async () => {
  const { stdout } = await promisify(execFile)(python, ["-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "test"], { cwd: folder });
  expect(stdout).toMatch(/\d+ passed/);
  expect(stdout).not.toMatch(/skipped|failed/);
});
