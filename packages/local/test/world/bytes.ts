import type { Random } from "@tether/core/id";
import { seededRandom } from "../../src/fault/random.ts";

/** Other bytes by another seed find the tests that pass by chance. */
const seed = Number(process.env.TETHER_TEST_SEED ?? 1);

let draw = seededRandom(seed);

/** Bytes that no two worlds of a test file share, and that are the same in each run: what hangs on the letters of an id happens always or never. */
export const anyBytes: Random = { bytes: (length: number) => Uint8Array.from({ length }, () => Math.floor(draw() * 256)) };

export function restartBytes(): void {
  draw = seededRandom(seed);
}
