import { createHash, type KeyObject, sign } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Manifest, readManifest } from "../packages/agent/src/update/manifest.ts";

/** Writes the list of a folder's files with its signature: a file a line, so that a shell finds its own. */
export function writeSigned(folder: string, { files, ...manifest }: Manifest, key: KeyObject): void {
  const lines = files.map((file) => `    ${JSON.stringify(file)}`).join(",\n");
  const text = `{\n  ${JSON.stringify(manifest).slice(1, -1)},\n  "files": [\n${lines}\n  ]\n}\n`;
  writeFileSync(join(folder, "manifest.json"), text);
  writeFileSync(join(folder, "manifest.json.sig"), sign(null, Buffer.from(text), key));
}

/** The list of a folder that `npm run release` wrote. Throws an Error where the signature is wrong or a file is not the one that was signed. */
export function readSigned(folder: string): Manifest {
  const list = readFileSync(join(folder, "manifest.json"));
  const { keys } = JSON.parse(list.toString("utf8")) as Manifest;
  const manifest = readManifest(list, readFileSync(join(folder, "manifest.json.sig")), keys.slice(0, 1));
  if (typeof manifest === "string") throw new Error(`${folder}/manifest.json is ${manifest}; make it again by npm run release.`);
  for (const { name, sha256 } of manifest.files) {
    const found = createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
    if (found !== sha256) throw new Error(`${folder}/${name} is not the file that was signed; make it again by npm run release.`);
  }
  return manifest;
}
