/** The time, in ms since the Unix epoch. */
export interface Clock {
  now(): number;
}
