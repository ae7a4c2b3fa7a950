import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pack/package.ts";
import { neededGlibc, strip } from "./elf.ts";

/**
 * The platforms for which there is a robot's program: Debian's name of each, and what xz does with its machine code before it packs it.
 * The filter for ARM came with xz 5.4, which Ubuntu 22.04 does not have.
 */
export const platforms = {
  "linux-x64": { debian: "amd64", filters: ["--x86"] },
  "linux-arm64": { debian: "arm64", filters: [] },
} as const;
export type Platform = keyof typeof platforms;

export const isPlatform = (name: string): name is Platform => Object.hasOwn(platforms, name);

/** The files that the program needs of a platform beside its own bundle, stripped. */
export type Native = {
  readonly node: Buffer;
  readonly webRtc: Buffer;
  /** The WebRTC library of the process that carries cameras. */
  readonly dataChannel: Buffer;
  readonly nodeLicence: Buffer;
  /** The oldest glibc that loads all of them. */
  readonly glibc: string;
};

/** The runtime and the WebRTC library of a platform. Throws an Error that says which of them is missing. */
export function readNative(platform: Platform, cache = join(root, "dist/native")): Native {
  const runtime = packageFolder(`node-${platform}`, cache);
  const node = readFileSync(join(runtime, "bin/node"));
  const webRtc = readFileSync(join(packageFolder(`@roamhq/wrtc-${platform}`, cache), "wrtc.node"));
  const dataChannel = readFileSync(join(packageFolder(`@node-datachannel/${platform}-gnu`, cache), "node_datachannel.node"));
  const minors = [node, webRtc, dataChannel].map(neededGlibc).map((version) => Number(version.split(".")[1]));
  return {
    node: strip(node),
    webRtc: strip(webRtc),
    dataChannel: strip(dataChannel),
    nodeLicence: readFileSync(join(runtime, "LICENSE")),
    glibc: `2.${Math.max(...minors)}`,
  };
}

type Locked = { readonly version: string; readonly integrity?: string };

/** The folder of a package of npm's in the version of the lock file. npm installs only what fits this machine, so others are fetched. */
function packageFolder(name: string, cache: string): string {
  const installed = join(root, "node_modules", name);
  if (existsSync(join(installed, "package.json"))) return installed;
  const { version, integrity } = lockedVersion(name);
  const folder = join(cache, `${name.replace("/", "+")}-${version}`);
  if (existsSync(folder)) return join(folder, "package");
  const fetching = `${folder}.new`;
  rmSync(fetching, { recursive: true, force: true });
  mkdirSync(fetching, { recursive: true });
  const packed = spawnSync("npm", ["pack", "--silent", "--pack-destination", fetching, `${name}@${version}`], {
    cwd: root,
    encoding: "utf8",
  });
  const file = join(fetching, packed.stdout?.trim() ?? "");
  if (packed.status !== 0)
    throw new Error(`${name}@${version} is not in the registry that npm asks, and a robot of that platform needs it.`);
  // The lock file pins what is fetched here as it pins what `npm ci` installs.
  if (`sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}` !== integrity)
    throw new Error(`${name}@${version} is not the file that package-lock.json names.`);
  const { status, stderr } = spawnSync("tar", ["-xzf", file, "-C", fetching], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${name}@${version} cannot be unpacked: ${stderr}`);
  rmSync(file);
  renameSync(fetching, folder);
  return join(folder, "package");
}

function lockedVersion(name: string): Locked {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as { packages: Record<string, Locked> };
  const locked = packages[`node_modules/${name}`];
  if (!locked) throw new Error(`${name} is not in package-lock.json, so its version is not known.`);
  return locked;
}
