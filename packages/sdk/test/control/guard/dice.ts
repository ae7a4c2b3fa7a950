/** Draws from a number, and then from what follows of it: the same numbers make the same schedule. */
export function dice() {
  let seed = 1;
  const draw = () => {
    seed = (Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return (seed ^ (seed >>> 13)) >>> 0;
  };
  return {
    begin(n: number) {
      seed = (n ^ 0x5bd1e995) >>> 0;
    },
    below: (most: number) => draw() % most,
    chance: (percent: number) => draw() % 100 < percent,
  };
}

export type Dice = ReturnType<typeof dice>;
