import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pack/package.ts";
import { licences } from "../pack/program.ts";
import type { Entry } from "./archive.ts";
import type { Bundle } from "./bundle.ts";
import type { Native } from "./platform.ts";
import { shell } from "./shell.ts";

/** The most bytes of a robot's program: as it is downloaded, on the disk, and on the disk without its runtime. */
export const most = { download: 36e6, unpacked: 140e6, withoutRuntime: 30e6 } as const;

const executable = 0o755;
const readable = 0o644;

/** The files of a robot's program, for the folder of its version. */
export function programFiles({ code, metafile }: Bundle, { node, webRtc, dataChannel, nodeLicence }: Native): readonly Entry[] {
  const file = (path: string, data: Buffer, mode: number = readable): Entry => ({ path, data, mode });
  return [
    file("LICENSE", readFileSync(join(root, "LICENSE"))),
    file("LICENSE.node", nodeLicence),
    file("NOTICE", readFileSync(join(root, "NOTICE"))),
    file("THIRD-PARTY.txt", Buffer.from(licences(Object.keys(metafile.inputs)))),
    file("datachannel.node", dataChannel),
    file("main.mjs", code),
    file("node", node, executable),
    file("tether-robot", Buffer.from(shell("launcher.sh")), executable),
    file("wrtc.node", webRtc),
  ];
}

/** Throws an Error that says which size is over its limit. `download` is unknown until the files are compressed. */
export function holdSizes(files: readonly Entry[], download?: number): void {
  const size = (some: readonly Entry[]) => some.reduce((total, { data }) => total + data.length, 0);
  const sizes = { download: download ?? 0, unpacked: size(files), withoutRuntime: size(files.filter(({ path }) => path !== "node")) };
  for (const [name, bytes] of Object.entries(sizes)) {
    const limit = most[name as keyof typeof most];
    if (bytes > limit) throw new Error(`The robot's program has ${bytes} bytes (${name}); the most is ${limit}.`);
  }
}
