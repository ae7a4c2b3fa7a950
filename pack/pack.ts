import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeEmbed } from "./embed.ts";
import { compile, exportsOf, writeLibrary } from "./library.ts";
import { manifest, originOf } from "./manifest.ts";
import { clearWork, readWorkspace, root, workFolder } from "./package.ts";
import { programs, writeProgram } from "./program.ts";

const libraries = ["protocol", "sdk", "console"];

/** The documents that an end in another language is written from, beside the protocol's modules. */
const protocolDocuments = ["SPEC.md", "schema", "golden", "vectors", "transcript"];

/** The files of the console's package besides its modules. */
const embedded = {
  "./element": { types: "./dist/element.d.ts", default: "./dist/element.js" },
  "./drive.css": "./dist/drive.css",
};

/** The options: the folder for the tarballs, their version, the repository that they name. */
export type PackOptions = { readonly out: string; readonly version?: string | undefined; readonly repository?: string | undefined };

/** A tarball as `packages.json` lists it. */
export type Packed = {
  readonly name: string;
  readonly version: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
};

/** Builds the packages and writes them as tarballs to `out`, with a list of them. The same sources give the same bytes. */
export async function pack(options: PackOptions): Promise<readonly Packed[]> {
  try {
    return await build(options);
  } finally {
    clearWork();
  }
}

async function build({ out, version, repository = originOf() }: PackOptions): Promise<readonly Packed[]> {
  compile([...libraries, "agent"]);
  mkdirSync(out, { recursive: true });
  const packed: Packed[] = [];
  for (const folder of [...libraries, ...programs.map((program) => program.folder)]) {
    const target = workFolder(folder);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    const program = programs.find((one) => one.folder === folder);
    const imported = writeLibrary(folder, target);
    if (program) await writeProgram(program, target);
    if (folder === "console") await writeEmbed(target);
    for (const text of ["LICENSE", "NOTICE", "CHANGELOG.md"]) cpSync(join(root, text), join(target, text));
    cpSync(join(root, "packages", folder, "README.md"), join(target, "README.md"));
    const documents = folder === "protocol" ? protocolDocuments : [];
    for (const one of documents) cpSync(join(root, "packages", folder, one), join(target, one), { recursive: true });
    const parts = program && { bin: { [program.command]: `bin/${program.command}.js` }, native: program.native };
    const files = ["dist", "CHANGELOG.md", "NOTICE", ...documents, ...(program ? ["bin", "THIRD-PARTY.txt"] : [])];
    const made = manifest({
      folder,
      version,
      repository,
      exports: { ...exportsOf(folder), ...(folder === "console" && embedded) },
      imported,
      files,
      ...parts,
    });
    writeFileSync(join(target, "package.json"), `${JSON.stringify(made, null, 2)}\n`);
    packed.push(archive(target, out, version ?? readWorkspace(folder).version));
  }
  writeFileSync(join(out, "packages.json"), `${JSON.stringify(packed, null, 2)}\n`);
  return packed;
}

function archive(target: string, out: string, version: string): Packed {
  const { status, stdout, stderr } = spawnSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", out], {
    cwd: target,
    encoding: "utf8",
  });
  const file = stdout.trim().split("\n").at(-1) ?? "";
  if (status !== 0 || file === "") throw new Error(`npm pack failed in ${target}: ${stderr}`);
  const bytes = readFileSync(join(out, file));
  const { name } = JSON.parse(readFileSync(join(target, "package.json"), "utf8"));
  return { name, version, file, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}
