import type { Frame } from "../driver.ts";

/** The header of a frame: width and height in pixels, 32 bits each. */
const headBytes = 8;
const most = 4_096;

export function headOf({ width, height }: Frame): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(width, 0);
  head.writeUInt32LE(height, 4);
  return head;
}

/** Reassembles frames from the chunks of a pipe. Reading ends at a malformed header, because the start of the next frame cannot be found after it. */
export function createFrames(show: (frame: Frame) => void): (chunk: Buffer) => void {
  const head = Buffer.alloc(headBytes);
  let known = 0;
  let frame: (Frame & { filled: number }) | undefined;
  let isBroken = false;

  function begin(chunk: Buffer): number {
    const taken = chunk.copy(head, known, 0, headBytes - known);
    known += taken;
    if (known < headBytes) return taken;
    known = 0;
    const [width, height] = [head.readUInt32LE(0), head.readUInt32LE(4)];
    isBroken = !isSide(width) || !isSide(height);
    if (!isBroken) frame = { width, height, data: new Uint8Array((width * height * 3) / 2), filled: 0 };
    return taken;
  }

  function fill(one: NonNullable<typeof frame>, chunk: Buffer): number {
    const part = chunk.subarray(0, one.data.length - one.filled);
    one.data.set(part, one.filled);
    one.filled += part.length;
    if (one.filled < one.data.length) return part.length;
    const { width, height, data } = one;
    frame = undefined;
    show({ width, height, data });
    return part.length;
  }

  return (chunk) => {
    let rest = chunk;
    while (rest.length > 0 && !isBroken) rest = rest.subarray(frame ? fill(frame, rest) : begin(rest));
  };
}

function isSide(pixels: number): boolean {
  return pixels > 0 && pixels <= most && pixels % 2 === 0;
}
