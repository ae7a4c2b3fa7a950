import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Whether SST's platform, which `sst.config.ts` is written against, stands in `.sst` in the version of `package.json`. */
export function hasPlatform(root: string): boolean {
  const manifest: { version: string } = JSON.parse(readFileSync(join(root, "node_modules/sst/package.json"), "utf8"));
  const version = join(root, ".sst/platform/version");
  return existsSync(join(root, ".sst/provider-lock.json")) && existsSync(version) && readFileSync(version, "utf8") === manifest.version;
}

/** Installs it with npm alone: SST would fetch Pulumi and bun from elsewhere, and only a real deploy needs them. */
export function installPlatform(root: string): void {
  const env = { ...process.env, SST_SKIP_DEPENDENCY_CHECK: "1", SST_NO_BUN: "1", DO_NOT_TRACK: "1" };
  execFileSync(join(root, "node_modules/.bin/sst"), ["install", "--stage", "test"], {
    cwd: root,
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
}

if (import.meta.main) {
  const root = join(import.meta.dirname, "..");
  if (!hasPlatform(root)) installPlatform(root);
}
