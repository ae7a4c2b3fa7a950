/** A bucket of bytes that fills by itself. `take` answers whether there was enough in it. */
export function createBudget(clock: { now(): number }, { burst, perSecond }: { readonly burst: number; readonly perSecond: number }) {
  let left = burst;
  let at = clock.now();
  return {
    take(bytes: number): boolean {
      const now = clock.now();
      left = Math.min(burst, left + ((now - at) / 1_000) * perSecond) - bytes;
      at = now;
      return left >= 0;
    },
  };
}
