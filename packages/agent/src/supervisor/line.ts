/** The longest line of a driver, in bytes; longer ones are cut. */
export const lineMost = 64 * 1024;

/**
 * Cuts a stream into lines. Bytes of a line beyond `most` are dropped as they arrive, so that a line without an end takes no memory.
 */
export function createCutter(most: number, pass: (line: string) => void): { put(chunk: Buffer): void; end(): void } {
  let parts: Buffer[] = [];
  let size = 0;

  function keep(part: Buffer): void {
    const kept = part.subarray(0, most - size);
    if (kept.length === 0) return;
    // A copy, because a slice would keep the whole chunk that it came in.
    parts.push(Buffer.from(kept));
    size += kept.length;
  }

  function flush(): void {
    const line = Buffer.concat(parts).toString("utf8");
    parts = [];
    size = 0;
    pass(line.endsWith("\r") ? line.slice(0, -1) : line);
  }

  return {
    put(chunk) {
      let from = 0;
      for (let end = chunk.indexOf(10, from); end !== -1; end = chunk.indexOf(10, from)) {
        keep(chunk.subarray(from, end));
        flush();
        from = end + 1;
      }
      keep(chunk.subarray(from));
    },
    end() {
      if (size > 0) flush();
    },
  };
}
