import type { Tone } from "./tone.ts";

/** A state in a word; its colour and the shape of its dot say it again. */
export function Badge({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className="badge" data-tone={tone}>
      {children}
    </span>
  );
}
