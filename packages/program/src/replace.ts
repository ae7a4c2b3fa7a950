import { dirname } from "node:path";
import type { Files } from "./files.ts";

/** Puts a text in a file's place: after a crash at any moment the file holds the old text or the new one. Nobody else may be doing so. */
export async function replace(files: Files, path: string, text: string): Promise<void> {
  const fresh = `${path}.new`;
  // What a crash left behind.
  if ((await files.create(fresh, text)) === "exists") {
    await files.remove(fresh);
    if ((await files.create(fresh, text)) === "exists") throw new Error(`Someone else is writing ${path}.`);
  }
  // Without this a rename may reach the disk before what it names.
  await files.flush(fresh);
  await files.rename(fresh, path);
  await files.flush(dirname(path));
}
