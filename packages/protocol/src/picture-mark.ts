/**
 * A mark that is drawn into a picture, for a robot whose WebRTC stack gives neither RTP timestamps nor capture times. Black and white
 * fields fill its lower edge, so that a mark survives the codec; only the luma counts. R34
 */
export const markFields = { columns: 20, rows: 2, /** Of the picture's height, both rows together. */ height: 1 / 15 } as const;

const markBits = 32;
const checkBits = 8;

/** A mark, from 0 to 2³² − 1, as the fields of both rows from left to right, white is true: 32 bits, the highest first, and a check sum. */
export function fieldsOf(mark: number): readonly boolean[] {
  const bits = (value: number, count: number) => Array.from({ length: count }, (_, at) => ((value >>> (count - 1 - at)) & 1) === 1);
  return [...bits(mark, markBits), ...bits(checkOf(mark), checkBits)];
}

/** The mark of a picture, from its fields; undefined where the codec, or what is before the camera, spoilt them. */
export function markOf(fields: readonly boolean[]): number | undefined {
  const number = (from: number, count: number) => fields.slice(from, from + count).reduce((value, bit) => value * 2 + (bit ? 1 : 0), 0);
  if (fields.length !== markBits + checkBits) return undefined;
  const mark = number(0, markBits);
  return number(markBits, checkBits) === checkOf(mark) ? mark : undefined;
}

/** Differs where one or two bits do, and is not 0 where all fields are black, nor 255 where all are white. */
function checkOf(mark: number): number {
  let check = 0x5a;
  for (let at = 0; at < markBits; at += 8) {
    check ^= (mark >>> at) & 0xff;
    for (let bit = 0; bit < 8; bit += 1) check = ((check << 1) ^ (check & 0x80 ? 0x07 : 0)) & 0xff;
  }
  return check;
}
