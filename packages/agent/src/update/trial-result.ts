import { join } from "node:path";
import type { Files } from "@tether/program/files";
import { replace } from "@tether/program/replace";

/** The fate of versions on this robot: the latest that was online, and the latest that did not come online. */
type TrialResult = "proved" | "failed";

const pathOf = (state: string, result: TrialResult) => join(state, `${result}-version`);

/** The version that a result names. The launcher of the installation reads the same files. */
export async function readTrialResult(files: Pick<Files, "read">, state: string, result: TrialResult): Promise<string | undefined> {
  try {
    return (await files.read(pathOf(state, result)))?.text.trim();
  } catch {
    return undefined;
  }
}

export function writeTrialResult(files: Files, state: string, result: TrialResult, version: string): Promise<void> {
  return replace(files, pathOf(state, result), `${version}\n`);
}
