import { spawnSync } from "node:child_process";
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
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

const workPrefix = ".work.";

/** A folder of this age, in ms, was left by an update that the power cut off. */
const leftMs = 3_600_000;

/** A folder for the download, on the disk of the installation. Those that were left there go, because they fill the disk. */
export function makeWork(root: string, now: number): string {
  for (const name of readdirSync(root)) {
    const path = join(root, name);
    if (name.startsWith(workPrefix) && now - lstatSync(path).mtimeMs > leftMs) rmSync(path, { recursive: true, force: true });
  }
  return mkdtempSync(join(root, workPrefix));
}

/** Writes to the disk what is in a folder, so that no link can be there without what it leads to once the power is back. */
function flush(folder: string): void {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  for (const path of [...paths, folder]) {
    if (lstatSync(path).isSymbolicLink()) continue;
    const file = openSync(path, "r");
    fsyncSync(file);
    closeSync(file);
  }
}

/** Unpacks an archive and puts it in its version's place, if the program in it runs here and is that version. */
export function unpackVersion(root: string, version: string, archive: string, work: string): "placed" | "unusable" | "packed" {
  const folder = join(work, "program");
  mkdirSync(folder);
  if (spawnSync("tar", ["-xf", archive, "-C", folder]).status !== 0) return "packed";
  const said = spawnSync(join(folder, "tether-robot"), ["--version"], { encoding: "utf8" });
  if (said.status !== 0 || said.stdout.trim() !== `tether-robot ${version}`) return "unusable";
  const to = join(root, "versions", version);
  rmSync(to, { recursive: true, force: true });
  flush(folder);
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
