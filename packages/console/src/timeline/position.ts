/** An item of the picture: which lane, and which of its items. */
export type Position = { readonly lane: number; readonly item: number };

/** The position that a key leads to. `sizes` are the lanes' numbers of items; lanes without any are passed by, and ends are not left. */
export function move({ lane, item }: Position, key: string, sizes: readonly number[]): Position {
  const filled = sizes.flatMap((size, index) => (size > 0 ? [index] : []));
  const nearest = filled.find((index) => index >= lane) ?? filled.at(-1) ?? 0;
  const here = filled.indexOf(nearest);
  const to = key === "ArrowDown" ? here + 1 : key === "ArrowUp" ? here - 1 : here;
  const next = filled[Math.min(filled.length - 1, Math.max(0, to))] ?? 0;
  const wanted = key === "ArrowRight" ? item + 1 : key === "ArrowLeft" ? item - 1 : item;
  return { lane: next, item: Math.min(Math.max(0, wanted), Math.max(0, (sizes[next] ?? 0) - 1)) };
}
