import { markFields, markOf } from "@tether/protocol/picture-mark";

/** Pixels that are read of each field: an even number, since the middle counts, where the codec spoils least. */
const side = 4;

/** Reads the mark that a robot draws into the lower edge of its pictures; a picture without one has none. R34 */
export function createMarkReader(): (video: HTMLVideoElement) => number | undefined {
  const { columns, rows } = markFields;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [columns * side, rows * side];
  const context = canvas.getContext("2d", { willReadFrequently: true, alpha: false });
  return (video) => {
    const { videoWidth: width, videoHeight: height } = video;
    if (!context || width === 0) return undefined;
    const edge = height * markFields.height;
    context.drawImage(video, 0, height - edge, width, edge, 0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    return markOf(fieldsIn(data));
  };
}

/** The fields of a mark's pixels, four bytes each: white where the middle is light. */
export function fieldsIn(data: Uint8ClampedArray): readonly boolean[] {
  const { columns, rows } = markFields;
  const light = (x: number, y: number) => data[(y * columns * side + x) * 4 + 1] ?? 0;
  return Array.from({ length: columns * rows }, (_, at) => {
    const [x, y] = [(at % columns) * side + side / 2, Math.floor(at / columns) * side + side / 2];
    return light(x, y) + light(x - 1, y) + light(x, y - 1) + light(x - 1, y - 1) > 4 * 128;
  });
}
