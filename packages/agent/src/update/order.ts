/** Whether a version comes before another by Semantic Versioning's numbers. What follows them has no order here. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [numbersOf(version), numbersOf(than)];
  const at = a.findIndex((number, n) => number !== b[n]);
  return at !== -1 && (a[at] ?? 0) < (b[at] ?? 0);
}

function numbersOf(version: string): readonly number[] {
  return (version.split(/[-+~]/, 1)[0] ?? "").split(".").map(Number);
}
