import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

const run = promisify(execFile);
const command = join(import.meta.dirname, "../../src/conform/main.ts");

/**
 * Builds an example and has `npm run conform` judge it: up to the level `drives`, and by chosen clauses of the level `safe`, at once, as
 * both wait most of their time. Answers what was printed.
 */
export async function judgeExample(
  name: "example-c" | "example-go",
  clauses: readonly string[],
): Promise<{ drives: string; safe: string }> {
  const folder = mkdtempSync(join(tmpdir(), `tether-${name}-`));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  // A program that runs for a minute alone need not be fast, and builds sooner.
  await run(join(import.meta.dirname, "../../../", name, "build.sh"), [folder], { env: { ...process.env, CFLAGS: "-O0" } });
  const judge = async (...options: readonly string[]) => {
    const robot = ["robot", "--command", `exec ${folder}/${name} {folder} {api} {code}`];
    const { stdout } = await run(process.execPath, [command, ...robot, ...options], { encoding: "utf8" }).catch(
      (error: { stdout?: string }) => ({ stdout: error.stdout ?? String(error) }),
    );
    return stdout;
  };
  const [drives, safe] = await Promise.all([judge("--level", "drives"), judge("--level", "safe", "--only", clauses.join())]);
  return { drives, safe };
}
