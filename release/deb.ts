import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pack/package.ts";
import { simulated } from "../packages/agent/src/driver/driver.ts";
import { ar, type Entry, tar } from "./archive.ts";
import { gzip, xz } from "./compress.ts";
import { shell } from "./shell.ts";
import { unit } from "./unit.ts";

type DebOptions = {
  readonly version: string;
  /** Debian's name of the architecture. */
  readonly architecture: string;
  readonly glibc: string;
  readonly files: readonly Entry[];
  /** The filter by which xz prepares machine code before it packs it. */
  readonly filters?: readonly string[];
  /** Packs fast and large, for tests. */
  readonly fast?: boolean;
};

const settingsPath = "./etc/tether-robot/robot.json";

/** The Debian package of the robot's program. The same files give the same bytes, and no tool of Debian's is needed to make it. */
export async function deb({ version, architecture, glibc, files, filters = [], fast = false }: DebOptions): Promise<Buffer> {
  const file = (path: string, text: string, mode = 0o644): Entry => ({ path, data: Buffer.from(text), mode });
  const doc = "./usr/share/doc/tether-robot";
  const settings = { state: "/var/lib/tether-robot", config: "/etc/tether-robot/robot.json", user: "tether-robot" };
  const isText = ({ path }: Entry) => /^(LICENSE|NOTICE|THIRD-PARTY)/.test(path);
  const data = [
    // A robot without a driver cannot be driven; the simulated one is good until there is another.
    file(settingsPath, `${JSON.stringify({ driver: simulated })}\n`),
    file("./usr/bin/tether-robot", shell("deb-wrapper.sh"), 0o755),
    ...files.filter((one) => !isText(one)).map((one) => ({ ...one, path: `./usr/lib/tether-robot/${one.path}` })),
    file("./usr/lib/systemd/system/tether-robot.service", unit({ ...settings, start: "/usr/bin/tether-robot run" })),
    ...files.filter(isText).map((one) => ({ ...one, path: `${doc}/${one.path}` })),
    file(`${doc}/copyright`, readFileSync(join(root, "NOTICE"), "utf8")),
  ];
  const control = [
    file("./conffiles", `${settingsPath.slice(1)}\n`),
    file("./control", controlText({ version, architecture, glibc, files: data })),
    file("./md5sums", data.map((one) => `${createHash("md5").update(one.data).digest("hex")}  ${one.path.slice(2)}\n`).join("")),
    ...["postinst", "postrm", "prerm"].map((name) => file(`./${name}`, shell(`deb-${name}.sh`), 0o755)),
  ];
  const members = fast
    ? [{ name: "data.tar.gz", data: await gzip(tar(data), 1) }]
    : [{ name: "data.tar.xz", data: await xz(tar(data), filters) }];
  return ar([
    { name: "debian-binary", data: Buffer.from("2.0\n") },
    { name: "control.tar.gz", data: await gzip(tar(control)) },
    ...members,
  ]);
}

function controlText({ version, architecture, glibc, files }: Pick<DebOptions, "version" | "architecture" | "glibc" | "files">): string {
  const kilobytes = Math.ceil(files.reduce((total, { data }) => total + data.length, 0) / 1_024);
  // A hyphen would begin Debian's own part of the version.
  return `Package: tether-robot
Version: ${version.replaceAll("-", "~")}
Architecture: ${architecture}
Maintainer: The Tether authors <tether@localhost>
Installed-Size: ${kilobytes}
Depends: libc6 (>= ${glibc}), libgcc-s1, libstdc++6, adduser
Section: net
Priority: optional
Description: keeps a robot online with Tether and lets operators drive it
 The robot's end of Tether, a session broker and WebRTC signalling service.
 It brings its own runtime. After "tether-robot enroll URL CODE" the service
 tether-robot keeps the robot online; /etc/tether-robot/robot.json names its
 driver.
`;
}
