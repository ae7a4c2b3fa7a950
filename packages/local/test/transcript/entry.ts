/** An end that speaks, or that is spoken to. */
type Side = string;

/** A line of a transcript: what happened, `at` so many ms after the story began. */
export type Entry =
  /** A step of the story, and the clauses that decide what follows. */
  | { readonly at: number; readonly says: string; readonly clauses: readonly string[] }
  | {
      readonly at: number;
      readonly from: Side;
      readonly to: "API";
      readonly request: string;
      readonly as?: string;
      readonly body?: unknown;
    }
  | { readonly at: number; readonly from: "API"; readonly to: Side; readonly status: number; readonly body: unknown }
  /** A handshake, and how it was answered. `connection` numbers the connections of an end. */
  | {
      readonly at: number;
      readonly from: Side;
      readonly to: "broker";
      readonly connection: number;
      readonly opens: string;
      readonly protocols: readonly string[];
    }
  | { readonly at: number; readonly from: "broker"; readonly to: Side; readonly connection: number; readonly accepts: string }
  /** A connection of an end is over; `closed` is the code of the close frame. */
  | { readonly at: number; readonly of: Side; readonly connection: number; readonly closed: number }
  | { readonly at: number; readonly from: Side; readonly to: Side; readonly connection: number; readonly frame: unknown }
  | { readonly at: number; readonly from: Side; readonly to: Side; readonly channel: string; readonly message: unknown };

export type Transcript = { readonly story: string; readonly entries: readonly Entry[] };

/** A line an entry, so that a change is seen at the line that it changes. */
export function textOf({ story, entries }: Transcript): string {
  return `{\n"story": ${JSON.stringify(story)},\n"entries": [\n${entries.map((entry) => JSON.stringify(entry)).join(",\n")}\n]\n}\n`;
}
