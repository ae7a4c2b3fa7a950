/**
 * Reads the frame headers (RFC 6455 §5.2) off a client's raw bytes, which arrive in pieces of any size,
 * and calls `tooLarge` for each frame whose payload exceeds `mostBytes`. `ws` only tells of whole messages.
 */
export function createFrameSize(mostBytes: number, tooLarge: () => void): { push(chunk: Uint8Array): void } {
  let header: number[] = [];
  let skip = 0;

  function headerBytes(): number {
    const length = (header[1] ?? 0) & 0x7f;
    const extended = length === 126 ? 2 : length === 127 ? 8 : 0;
    const mask = (header[1] ?? 0) & 0x80 ? 4 : 0;
    return 2 + extended + mask;
  }

  function payloadBytes(): number {
    const length = (header[1] ?? 0) & 0x7f;
    const extended = length === 126 ? header.slice(2, 4) : length === 127 ? header.slice(2, 10) : [length];
    return extended.reduce((sum, byte) => sum * 256 + byte, 0);
  }

  return {
    push(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (skip > 0) {
          const step = Math.min(skip, chunk.length - at);
          skip -= step;
          at += step;
          continue;
        }
        header.push(chunk[at++] ?? 0);
        if (header.length < 2 || header.length < headerBytes()) continue;
        skip = payloadBytes();
        header = [];
        if (skip > mostBytes) tooLarge();
      }
    },
  };
}
