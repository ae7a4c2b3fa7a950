import type { Drive, Seen } from "@tether/sdk/client";

/** The number of pictures whose time is waited for: the robot's word of a picture may come after the picture itself. */
const awaitedMost = 32;

export type PictureTime = {
  /** A picture is shown to the operator. One that nobody can tell from others is undefined. */
  shown(seen: Seen | undefined): void;
  /** When the newest of the pictures that were shown was taken, by the robot's clock, as far as it told. */
  takenAt(): number | undefined;
  /** There is another robot, or another camera. */
  clear(): void;
};

/** Knows which picture the operator looks at. One whose time is not known leaves the one before, which is older: no time is guessed. */
export function createPictureTime({ takenAt }: Pick<Drive, "takenAt">): PictureTime {
  let awaited: readonly Seen[] = [];
  let newest: number | undefined;

  return {
    shown(seen) {
      if (seen) awaited = [...awaited, seen].slice(-awaitedMost);
    },
    takenAt() {
      const at = awaited.findLastIndex((seen) => takenAt(seen) !== undefined);
      const known = awaited[at];
      if (known) newest = takenAt(known);
      awaited = awaited.slice(at + 1);
      return newest;
    },
    clear() {
      awaited = [];
      newest = undefined;
    },
  };
}
