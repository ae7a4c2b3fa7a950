/** An answer to a question for the operator's clock. Instants and durations in ms, by the robot's clock. */
export type Sample = {
  readonly at: number;
  readonly roundTripMs: number;
  /** The operator's clock minus the robot's, were both ways equally long. It is off by half the round trip at most. */
  readonly offsetMs: number;
};

/** The number of samples that are kept, and how long: clocks drift, and paths change. */
const window = { samples: 8, ms: 30_000 } as const;
/** How far the clocks may drift apart while a sample is kept, in ms. */
const driftMs = 20;

/** A sample as in RFC 5905 §8: asked at `t0`, answered at `t1` by the operator's clock, heard at `at`. */
export function sample(t0: number, t1: number, at: number): Sample {
  return { at, roundTripMs: at - t0, offsetMs: t1 - (t0 + at) / 2 };
}

export function keep(samples: readonly Sample[], one: Sample): readonly Sample[] {
  return [...samples, one].slice(-window.samples);
}

/** The shortest round trip of those kept has the least room for ways of unequal length. */
export function best(samples: readonly Sample[], at: number): Sample | undefined {
  const fresh = samples.filter((one) => at - one.at <= window.ms);
  return fresh.reduce<Sample | undefined>((least, one) => (least && least.roundTripMs <= one.roundTripMs ? least : one), undefined);
}

/** How old something is that was sent at `sentAt` by the operator's clock. */
export function ageMs({ offsetMs }: Sample, sentAt: number, at: number): number {
  return at - (sentAt - offsetMs);
}

/** Whether it was sent later than the two clocks allow: one of them was set, and nobody knows how old it is. */
export function isAhead(age: number, { roundTripMs }: Sample): boolean {
  return age < -(roundTripMs / 2 + driftMs);
}
