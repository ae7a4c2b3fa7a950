import { rmSync } from "node:fs";
import { join } from "node:path";
import { isTrouble, type Trouble } from "../exit.ts";
import { fetchFile, fetchManifest } from "../update/fetch.ts";
import { type Installation, type Source, versionAt } from "../update/installation.ts";
import type { Manifest } from "../update/manifest.ts";
import { isOlder } from "../update/order.ts";
import { readTrialResult } from "../update/trial-result.ts";
import { hasXz, isWritable, makeWork, point, removeOthers, unpackVersion } from "../update/version-folder.ts";
import type { CommandEnv, Outcome } from "./env.ts";

/** How often the update looks what became of the new version, in ms. */
const lookMs = 1_000;

type UpdateOptions = {
  /** Take also an older version, and one that did not come online here before. */
  readonly force: boolean;
};

/** Moves this robot to the version that its deployment serves, and back if that one does not come online. */
export async function update(env: CommandEnv, { force }: UpdateOptions): Promise<Outcome> {
  const { installation, config, files, platform, say } = env;
  if (!installation)
    return refused(
      "update.foreign",
      "This tether-robot was not installed by robot.sh.",
      "Update it the way it was installed: by apt-get, or by npm i -g.",
    );
  const { root } = installation;
  if (!isWritable(root))
    return refused("update.forbidden", `${root} cannot be written.`, "Run it as the user who installed it: sudo tether-robot update");
  const source = await installation.source();
  if (!source)
    return refused(
      "update.unknown",
      `${root}/install.json does not say where the program came from.`,
      "Install anew by the line of the console.",
    );
  const manifest = await fetchManifest(platform.fetch, source);
  if (isTrouble(manifest)) return manifest;
  const { version } = manifest;
  const failed = await readTrialResult(files, config.state, "failed");
  // After a version that failed the one before it runs, whatever the link says.
  const running = failed === installation.current() ? versionAt(root, "previous") : installation.current();
  if (version === running) {
    say.result(`${version} is what the service has, and what is installed.`, { version, updated: false });
    return "done";
  }
  if (version === failed && !force)
    return refused(
      "update.failed",
      `${version} did not come online here before.`,
      "Wait for the next version, or try it again: tether-robot update --force",
    );
  if (running !== undefined && isOlder(version, running) && !force)
    return refused(
      "update.older",
      `The service has ${version}, which is older than ${running}.`,
      "To go back to it: tether-robot update --force",
    );

  const placed = await install(env, { root, source, manifest });
  if (placed) return placed;
  await files.remove(join(config.state, "failed-version"));
  // Asked before the links change: a robot that nobody drives leaves as soon as it sees the new one.
  const isUp = await isRunning({ files, state: config.state });
  if (running !== undefined) point(root, "previous", running);
  point(root, "current", version);
  await installation.keepSource({ base: source.base, keys: manifest.keys });
  removeOthers(root, [running, version, installation.version]);
  if (isUp) return follow(env, installation, { version, running });
  say.result(`${version} is installed. The robot does not run; its next start tries it.`, { version, updated: true, running: false });
  return "done";
}

/** Fetches the program and puts it in its place. Resolves with what went wrong, if something did. */
async function install(
  { platform, say }: CommandEnv,
  { root, source, manifest }: { root: string; source: Source; manifest: Manifest },
): Promise<Trouble | undefined> {
  const { version, files } = manifest;
  const name = `${process.platform}-${process.arch}`;
  const programs = files.filter(({ kind, platform }) => kind === "program" && platform === name);
  const file = programs.find((one) => one.name.endsWith(".xz") && hasXz()) ?? programs.find((one) => one.name.endsWith(".gz"));
  if (!file) return refused("update.platform", `The service has no program for ${name}.`, "Tell whoever runs the service.");
  const work = makeWork(root, platform.clock.now());
  try {
    say.progress(`Fetching ${version} …`);
    const archive = join(work, file.name);
    const trouble = await fetchFile(platform.fetch, source.base, file, archive);
    if (trouble) return trouble;
    const placed = unpackVersion(root, version, archive, work);
    if (placed === "placed") return undefined;
    if (placed === "packed")
      return refused(
        "update.packed",
        `${version} cannot be unpacked in ${root}. It stays as it is.`,
        `Look at the room on the disk: df -h ${root}. It takes 140 MB there.`,
      );
    return refused("update.unusable", `${version} does not run on this machine.`, "It stays as it is; tell whoever runs the service.");
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Waits for what becomes of the new version. The robot's own processes do what is needed, whether this one waits or not. */
async function follow(
  { config, files, platform, say, stopped }: CommandEnv,
  { root }: Installation,
  { version, running }: { version: string; running: string | undefined },
): Promise<Outcome> {
  say.progress("The robot takes it once nobody drives, and goes back if it is not online within a minute.");
  while (!stopped.aborted) {
    if ((await readTrialResult(files, config.state, "proved")) === version) {
      say.result(`${version} is online. ${running ?? "No version"} is kept.`, { version, updated: true, previous: running });
      return "done";
    }
    if ((await readTrialResult(files, config.state, "failed")) === version) {
      if (running !== undefined) point(root, "current", running);
      return refused(
        "update.failed",
        `${version} did not come online within a minute; ${running} runs again.`,
        "Look at the robot's log, and tell whoever runs the service.",
      );
    }
    await new Promise<void>((resolve) => platform.clock.after(lookMs, resolve));
  }
  return "done";
}

async function isRunning({ files, state }: { files: CommandEnv["files"]; state: string }): Promise<boolean> {
  const path = join(state, "run.lock");
  if (!(await files.read(path))) return false;
  const release = files.take(path);
  release?.();
  return release === undefined;
}

function refused(code: string, says: string, remedy: string): Trouble {
  return { exit: "failed", code, says, remedy };
}
