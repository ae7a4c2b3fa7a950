/** Time as everything on this machine sees it; the same shape as the SDK's. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Runs `run` once, `ms` from now. Calling what it returns prevents that. */
  after(ms: number, run: () => void): () => void;
}
