import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** Whether the program xz is there, without which tar cannot read the smaller archive. */
export const hasXz = (): boolean => spawnSync("xz", ["--version"], { stdio: "ignore" }).status === 0;

/** Whether this user may change the installation. */
export function isWritable(root: string): boolean {
  try {
    accessSync(join(root, "versions"), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** A folder for the download, on the disk of the installation. */
export const makeWork = (root: string): string => mkdtempSync(join(root, ".work."));

/** Unpacks an archive and puts it in its version's place, if the program in it runs here and is that version. */
export function place(root: string, version: string, archive: string, work: string): "placed" | "unusable" {
  const folder = join(work, "program");
  mkdirSync(folder);
  if (spawnSync("tar", ["-xf", archive, "-C", folder]).status !== 0) return "unusable";
  const said = spawnSync(join(folder, "tether-robot"), ["--version"], { encoding: "utf8" });
  if (said.status !== 0 || said.stdout.trim() !== `tether-robot ${version}`) return "unusable";
  const to = join(root, "versions", version);
  rmSync(to, { recursive: true, force: true });
  renameSync(folder, to);
  return "placed";
}

/** Lets a link of the installation name a version, in one step. */
export function point(root: string, link: "current" | "previous", version: string): void {
  const fresh = join(root, `.${link}.new`);
  rmSync(fresh, { force: true });
  symlinkSync(`versions/${version}`, fresh);
  renameSync(fresh, join(root, link));
}

/** Removes all versions but these. */
export function removeOthers(root: string, kept: readonly (string | undefined)[]): void {
  for (const version of readdirSync(join(root, "versions")))
    if (!kept.includes(version)) rmSync(join(root, "versions", version), { recursive: true, force: true });
}
