import type { Clock } from "@tether/sdk/clock";
import type { Frame } from "../driver.ts";
import { machineClock } from "./machine-clock.ts";

/** The header of a frame: width and height in pixels, 32 bits each, then 64 bits each when it was taken and its mark, NaN for none. */
const headBytes = 24;
const most = 4_096;

/** `clock`: the one that a frame's `takenAt` is by. */
type Clocks = { readonly clock: Pick<Clock, "now">; readonly shared?: Pick<Clock, "now"> };

export function headOf({ width, height, takenAt, mark }: Frame, { clock, shared = machineClock }: Clocks): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(width, 0);
  head.writeUInt32LE(height, 4);
  head.writeDoubleLE(takenAt === undefined ? Number.NaN : shared.now() - (clock.now() - takenAt), 8);
  head.writeDoubleLE(mark ?? Number.NaN, 16);
  return head;
}

/** Reassembles frames from the chunks of a pipe. Reading ends at a malformed header, because the start of the next frame cannot be found after it. */
export function createFrames(show: (frame: Frame) => void, { clock, shared = machineClock }: Clocks): (chunk: Buffer) => void {
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
    const [takenAt, mark] = [head.readDoubleLE(8), head.readDoubleLE(16)];
    const fields = {
      ...(Number.isFinite(takenAt) && { takenAt: clock.now() - (shared.now() - takenAt) }),
      ...(Number.isFinite(mark) && { mark }),
    };
    if (!isBroken) frame = { width, height, data: new Uint8Array((width * height * 3) / 2), ...fields, filled: 0 };
    return taken;
  }

  function fill(one: NonNullable<typeof frame>, chunk: Buffer): number {
    const part = chunk.subarray(0, one.data.length - one.filled);
    one.data.set(part, one.filled);
    one.filled += part.length;
    if (one.filled < one.data.length) return part.length;
    const { filled: _, ...whole } = one;
    frame = undefined;
    show(whole);
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
