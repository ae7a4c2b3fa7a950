import type { Trouble } from "../exit.ts";
import type { Files, Found } from "./files.ts";

/** Why a file with a private key in it must not be used, if it must not. */
export function guard(files: Files, path: string, { mode, owner }: Found): Trouble | undefined {
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
