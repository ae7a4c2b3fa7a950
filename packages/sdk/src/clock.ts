/** Time as the SDK sees it. */
export interface Clock {
  /** Milliseconds since the Unix epoch, by this end's own clock, which may be off. */
  now(): number;
  /** Runs `run` once, `ms` from now. Calling what it returns prevents that. */
  after(ms: number, run: () => void): () => void;
}
