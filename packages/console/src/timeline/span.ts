import type { Event } from "./event.ts";

export type SpanState = "opening" | "online" | "away" | "expired" | "offline" | "held" | "kept" | "lease";

/** A stretch of time in which something stood one way. Instants in ms. */
export type Span = {
  readonly state: SpanState;
  readonly from: number;
  readonly to: number;
  /** The span's label. */
  readonly label: string;
  /** The entry that began it; none where it began before what is known. */
  readonly began?: Event;
  /** The entry that ended it; none where it still lasts. */
  readonly ended?: Event;
};

export type Lane = {
  readonly id: string;
  readonly label: string;
  readonly spans: readonly Span[];
  readonly marks: readonly Event[];
};

/** The known entries, oldest first, complete from `since` on, as of `now`. */
export type Known = { readonly events: readonly Event[]; readonly since: number; readonly now: number };
