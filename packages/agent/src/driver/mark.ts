import { fieldsOf, markFields } from "@tether/protocol/picture-mark";
import type { Frame } from "./driver.ts";

const [black, white, grey] = [16, 235, 128];

/** Draws a mark (0 to 2³² − 1) into the lower edge of a picture. R34 */
export function drawMark({ width, height, data }: Frame, mark: number): void {
  const { columns, rows } = markFields;
  const top = Math.round(height * (1 - markFields.height));
  const fields = fieldsOf(mark);
  const chroma = width >> 1;
  for (let row = top; row < height; row += 1) {
    const line = Math.min(rows - 1, Math.floor(((row - top) * rows) / (height - top)));
    for (let column = 0; column < width; column += 1)
      data[row * width + column] = fields[line * columns + Math.floor((column * columns) / width)] ? white : black;
  }
  // A coloured field would be read wrong: encoders keep less of colours than of light.
  for (const plane of [width * height, width * height + chroma * (height >> 1)])
    data.fill(grey, plane + (top >> 1) * chroma, plane + (height >> 1) * chroma);
}
