/** An entry of the ring: a message of a topic, or a frame of a camera. `at` in ms since the Unix epoch. */
export type Kept = { readonly topic: string; readonly at: number } & (
  | { readonly kind: "message"; readonly value: unknown }
  | { readonly kind: "frame"; readonly data: Buffer; readonly isKeyframe: boolean; readonly format: string }
);

export const sizeOf = (one: Kept) => (one.kind === "frame" ? one.data.length : 0);

/** Keeps the newest of everything, for `ms` and at most `bytes` of frames. */
export function createRing(ms: number, bytes: number) {
  let kept: Kept[] = [];
  let size = 0;

  return {
    put(one: Kept): void {
      kept.push(one);
      size += sizeOf(one);
      let gone = 0;
      // The clock may be set: what is of the past by more than `ms`, or of the future, would stay until the clock is there again.
      for (let first = kept[0]; first && (Math.abs(one.at - first.at) > ms || size > bytes); first = kept[gone]) {
        size -= sizeOf(first);
        gone += 1;
      }
      // A copy each time would cost as much as the frames themselves.
      if (gone > 0 && (gone > 64 || kept[0] !== one)) kept = kept.slice(gone);
    },
    /** Oldest first. What comes before the first keyframe of a camera cannot be decoded, and is left out. */
    all(): readonly Kept[] {
      const begun = new Set<string>();
      return kept.filter((one) => {
        if (one.kind === "message") return true;
        if (one.isKeyframe) begun.add(one.topic);
        return begun.has(one.topic);
      });
    },
  };
}
