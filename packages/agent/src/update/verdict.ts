import { join } from "node:path";
import type { Files } from "@tether/program/files";
import { replace } from "@tether/program/replace";

/** The fate of versions on this robot: the latest that was online, and the latest that did not come online. */
type Verdict = "proved" | "failed";

const pathOf = (state: string, verdict: Verdict) => join(state, `${verdict}-version`);

/** The version that a verdict names. The launcher of the installation reads the same files. */
export async function readVerdict(files: Pick<Files, "read">, state: string, verdict: Verdict): Promise<string | undefined> {
  try {
    return (await files.read(pathOf(state, verdict)))?.text.trim();
  } catch {
    return undefined;
  }
}

export function writeVerdict(files: Files, state: string, verdict: Verdict, version: string): Promise<void> {
  return replace(files, pathOf(state, verdict), `${version}\n`);
}
