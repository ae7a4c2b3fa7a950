/** How a retry waits: for some milliseconds, of which chance in [0, 1) decides a part. */
export type Pacing = { readonly pause: (ms: number) => Promise<void>; readonly random: () => number };

/** The first wait is up to twice `leastMs`; the longest wait doubles with each attempt, up to `mostMs`. */
export type Rhythm = { readonly attempts: number; readonly leastMs: number; readonly mostMs: number };

/** Tries until an answer needs no other attempt, or the attempts are over. Answers the last one. */
export async function retry<Answer>(
  { pause, random }: Pacing,
  { attempts, leastMs, mostMs }: Rhythm,
  attempt: (count: number) => Promise<Answer>,
  needsAnother: (answer: Answer) => boolean,
): Promise<Answer> {
  for (let count = 0; ; count++) {
    const answer = await attempt(count);
    if (count + 1 >= attempts || !needsAnother(answer)) return answer;
    await pause(leastMs + random() * (Math.min(mostMs, 2 * leastMs * 2 ** count) - leastMs));
  }
}
