/** A file of an archive: `mode` is 0o755 for a program. */
export type Entry = { readonly path: string; readonly data: Buffer; readonly mode: number };

/** The instant of all files (2026-01-01), so that the same files give the same bytes. */
const madeAt = 1_767_225_600;

/** A tar archive (POSIX ustar) with the folders that the paths need. Everything belongs to root. */
export function tar(entries: readonly Entry[]): Buffer {
  const folders = new Set(entries.flatMap(({ path }) => foldersOf(path)));
  const parts = [...[...folders].sort().map((folder) => head(`${folder}/`, 0, 0o755, "5"))];
  for (const { path, data, mode } of entries)
    parts.push(head(path, data.length, mode, "0"), data, Buffer.alloc((512 - (data.length % 512)) % 512));
  return Buffer.concat([...parts, Buffer.alloc(1_024)]);
}

function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, n) => parts.slice(0, n + 1).join("/")).filter((folder) => folder !== ".");
}

function head(path: string, size: number, mode: number, type: "0" | "5"): Buffer {
  if (Buffer.byteLength(path) > 100) throw new Error(`${path} is too long for the archive.`);
  const header = Buffer.alloc(512);
  const octal = (value: number, at: number, length: number) => header.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at);
  header.write(path, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(madeAt, 136, 12);
  header.write(" ".repeat(8), 148);
  header.write(type, 156);
  header.write("ustar\x0000", 257);
  header.write("root", 265);
  header.write("root", 297);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

/** An `ar` archive, the outer form of a Debian package. */
export function ar(members: readonly { readonly name: string; readonly data: Buffer }[]): Buffer {
  const parts = members.flatMap(({ name, data }) => [
    Buffer.from(
      `${name.padEnd(16)}${String(madeAt).padEnd(12)}${"0".padEnd(6)}${"0".padEnd(6)}${"100644".padEnd(8)}${String(data.length).padEnd(10)}\`\n`,
    ),
    data,
    Buffer.from(data.length % 2 === 0 ? "" : "\n"),
  ]);
  return Buffer.concat([Buffer.from("!<arch>\n"), ...parts]);
}
