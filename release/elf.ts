/** A 64-bit little-endian ELF file (ELF-64 Object File Format, version 1.5). Offsets are those of the format. */
const segment = { load: 1, dynamic: 2 } as const;
const tag = { end: 0, strings: 5, stringsSize: 10 } as const;

type Segment = { readonly type: number; readonly offset: number; readonly address: number; readonly size: number };

function segmentsOf(file: Buffer): readonly Segment[] {
  if (file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) throw new Error("It is not a 64-bit little-endian ELF file.");
  const [at, size, count] = [Number(file.readBigUInt64LE(32)), file.readUInt16LE(54), file.readUInt16LE(56)];
  return Array.from({ length: count }, (_, n) => at + n * size).map((from) => ({
    type: file.readUInt32LE(from),
    offset: Number(file.readBigUInt64LE(from + 8)),
    address: Number(file.readBigUInt64LE(from + 16)),
    size: Number(file.readBigUInt64LE(from + 32)),
  }));
}

/**
 * The file without what follows its last segment: symbols, debugging information and the table of sections. Programs and libraries run
 * without them. A tool would do the same, but only for the architectures that it knows.
 */
export function strip(file: Buffer): Buffer {
  const end = Math.max(...segmentsOf(file).map(({ offset, size }) => offset + size));
  const stripped = Buffer.from(file.subarray(0, end));
  stripped.writeBigUInt64LE(0n, 40);
  stripped.fill(0, 58, 64);
  return stripped;
}

/** The newest version of glibc that the file asks for, e.g. "2.34": an older one refuses to load it. */
export function neededGlibc(file: Buffer): string {
  const segments = segmentsOf(file);
  const dynamic = segments.find(({ type }) => type === segment.dynamic);
  const entries = new Map<number, number>();
  for (let at = dynamic?.offset ?? 0; dynamic && at < dynamic.offset + dynamic.size; at += 16) {
    const key = Number(file.readBigInt64LE(at));
    if (key === tag.end) break;
    entries.set(key, Number(file.readBigUInt64LE(at + 8)));
  }
  const address = entries.get(tag.strings) ?? 0;
  const holder = segments.find((one) => one.type === segment.load && address >= one.address && address < one.address + one.size);
  if (!holder) throw new Error("It has no table of dynamic strings.");
  const from = address - holder.address + holder.offset;
  const strings = file.toString("latin1", from, from + (entries.get(tag.stringsSize) ?? 0));
  const minors = [...strings.matchAll(/\0GLIBC_2\.(\d+)(?=[.\0])/g)].map(([, minor]) => Number(minor));
  if (minors.length === 0) throw new Error("It asks for no version of glibc.");
  return `2.${Math.max(...minors)}`;
}
