import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Before all tests of a run: the first of them that needs the console builds it, for the others too. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "tether-console-built-"));
  process.env.TETHER_CONSOLE_BUILT = join(folder, "built");
  return () => rmSync(folder, { recursive: true });
}
