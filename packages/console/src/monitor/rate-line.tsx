import { useNow } from "../format/use-now.ts";
import { perMinute, type Rates } from "./rate.ts";
import { kindWord } from "./words.ts";

/** The number of frames of each kind in the last minute. */
export function RateLine({ rates }: { rates: Rates }) {
  const now = useNow();
  const kinds = perMinute(rates, now);
  return (
    <dl className="rates small number" aria-label="In the last minute">
      <dt>In the last minute</dt>
      {kinds.length === 0 && <dd>Nothing</dd>}
      {kinds.map(({ kind, count }) => (
        <dd key={kind}>
          {kindWord(kind)} <strong>{count}</strong>
        </dd>
      ))}
    </dl>
  );
}
