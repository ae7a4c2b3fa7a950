import { dirname } from "node:path";
import type { Files } from "./files.ts";

/** Puts a text in a file's place: after a crash at any moment the file holds the old text or the new one. Nobody else may be doing so. */
export async function replace(files: Files, path: string, text: string): Promise<void> {
  const fresh = `${path}.new`;
  // A crash may have left the new file behind.
  if ((await files.create(fresh, text)) === "exists") {
    await files.remove(fresh);
    if ((await files.create(fresh, text)) === "exists") throw new Error(`Another process is writing ${path}.`);
  }
  // Without a flush the rename may reach the disk before the content does.
  await files.flush(fresh);
  await files.rename(fresh, path);
  await files.flush(dirname(path));
}
