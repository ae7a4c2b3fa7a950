import { createHash, type KeyObject } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pack } from "../pack/pack.ts";
import type { Manifest, ReleasedFile } from "../packages/agent/src/update/manifest.ts";
import { tar } from "./archive.ts";
import { type Bundle, bundle } from "./bundle.ts";
import { gzip, xz } from "./compress.ts";
import { deb } from "./deb.ts";
import { publicPart } from "./key.ts";
import { type Platform, platforms, readNative } from "./platform.ts";
import { holdSizes, programFiles } from "./program.ts";
import { writeSigned } from "./signed.ts";
import { wheel } from "./wheel.ts";

type ReleaseOptions = {
  readonly out: string;
  readonly key: KeyObject;
  /** Public keys besides the signing one that may sign the release after this (SPKI, base64). */
  readonly nextKeys?: readonly string[];
  readonly platforms: readonly Platform[];
  readonly version?: string | undefined;
  /** For one machine and for tests: packed fast and large, by a version that names the content. */
  readonly isLocal?: boolean;
  /** Without the packages for npm, which take a compiler's time. */
  readonly withPackages?: boolean;
  readonly bundled?: Bundle;
};

/** Writes all that a deployment serves under `/install/`, but for the script, which knows where it is served. Answers the manifest. */
export async function release(options: ReleaseOptions): Promise<Manifest> {
  const { out, key, nextKeys = [], version, isLocal = false, withPackages = true } = options;
  const made = options.bundled ?? (await bundle({ isTrial: isLocal && version === undefined, ...(version !== undefined && { version }) }));
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const files: ReleasedFile[] = [];
  const put = (named: Omit<ReleasedFile, "bytes" | "sha256">, data: Buffer) => {
    writeFileSync(join(out, named.name), data);
    files.push({ ...named, bytes: data.length, sha256: createHash("sha256").update(data).digest("hex") });
  };
  const glibcs: string[] = [];
  for (const platform of options.platforms) {
    const native = readNative(platform);
    glibcs.push(native.glibc);
    const program = programFiles(made, native);
    const archive = tar(program);
    const name = `tether-robot-${made.version}-${platform}.tar`;
    const kind = { kind: "program", platform, version: made.version } as const;
    put({ ...kind, name: `${name}.gz` }, await gzip(archive, isLocal ? 1 : 9));
    if (isLocal) holdSizes(program);
    else {
      const { debian: architecture, filters } = platforms[platform];
      const packed = await xz(archive, filters);
      holdSizes(program, packed.length);
      put({ ...kind, name: `${name}.xz` }, packed);
      const data = await deb({ version: made.version, architecture, glibc: native.glibc, files: program, filters });
      put({ kind: "debian", platform, version: made.version, name: `tether-robot_${made.version}_${architecture}.deb` }, data);
    }
  }
  if (withPackages) files.push(...(await npmPackages(out, version)));
  files.push(...wheel({ out, isLocal }));
  const manifest: Manifest = {
    version: made.version,
    glibc: glibcs.sort((a, b) => Number(b.split(".")[1]) - Number(a.split(".")[1]))[0] ?? "",
    keys: [publicPart(key), ...nextKeys],
    files,
  };
  writeSigned(out, manifest, key);
  return manifest;
}

/** The packages for npm, under names without a version too: a line that somebody pastes stays the same. */
async function npmPackages(out: string, version: string | undefined): Promise<ReleasedFile[]> {
  const short: Readonly<Record<string, string>> = { "@tether/cli": "tether.tgz", "@tether/agent": "tether-robot.tgz" };
  const packed = await pack({ out, version });
  rmSync(join(out, "packages.json"));
  return packed.flatMap(({ name, file, bytes, sha256, version }) => {
    const one = { kind: "npm", version, bytes, sha256 } as const;
    const alias = short[name];
    if (alias !== undefined) writeFileSync(join(out, alias), readFileSync(join(out, file)));
    return [{ name: file, ...one }, ...(alias === undefined ? [] : [{ name: alias, ...one }])];
  });
}
