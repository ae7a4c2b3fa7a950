import type { FileContent, Files } from "@tether/program/files";
import type { Trouble } from "../exit.ts";

/** Refuses a folder in which everyone can write: they could remove a stop or replace the key. */
export async function guardFolder(files: Files, folder: string): Promise<Trouble | undefined> {
  const mode = files.user === undefined ? undefined : await files.modeOf(folder);
  if (mode === undefined || (mode & 0o002) === 0) return undefined;
  const says = `Everyone can write in ${folder} (mode ${mode.toString(8).padStart(4, "0")}).`;
  return { exit: "unsafe", code: "state.mode", says, remedy: `Run: chmod 700 '${folder}'. See that nobody changed what is in it.` };
}

/** Refuses a key file that other users own or can read. */
export function guard(files: Files, path: string, { mode, owner }: FileContent): Trouble | undefined {
  if (files.user === undefined) return undefined;
  if (owner !== files.user) {
    const says = `${path} belongs to another user (uid ${owner}).`;
    return { exit: "unsafe", code: "key.owner", says, remedy: `Run this as that user, or: sudo chown ${files.user} '${path}'` };
  }
  if ((mode & 0o077) === 0) return undefined;
  const says = `Others can read ${path} (mode ${mode.toString(8).padStart(4, "0")}).`;
  return {
    exit: "unsafe",
    code: "key.mode",
    says,
    remedy: `Run: chmod 600 '${path}'. If others may have read it: tether-robot rotate --retire-now`,
  };
}
