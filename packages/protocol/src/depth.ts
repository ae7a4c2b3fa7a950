/** Answers whether arrays and objects are nested at most `depth` deep, and looks no deeper than that. */
export function isWithin(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isWithin(inner, depth - 1));
}
