import { duration } from "../format/duration.ts";
import { instant } from "../format/instant.ts";
import { actorOf, type Event } from "./event.ts";
import { evidenceRows } from "./evidence.ts";
import type { Chosen } from "./picture.tsx";

/** A whole entry: what happened, who did it, why, the evidence, and what to do. */
export function EntryDetail({ event }: { event: Event }) {
  const rows = evidenceRows(event.evidence);
  return (
    <div className="stack" data-gap="tight">
      <p>
        <strong>{event.says}</strong>
      </p>
      {event.remedy !== undefined && <p>{event.remedy}</p>}
      <dl className="facts small">
        <dt>When</dt>
        <dd>{instant(event.at)}</dd>
        <dt>Who</dt>
        <dd>
          {actorOf(event)}
          {event.inferred && " (concluded; nobody said so)"}
        </dd>
        {rows.map(({ name, value }) => (
          <Fact key={name} name={name} value={value} />
        ))}
        {event.session !== undefined && <Fact name="Session" value={event.session} />}
        {event.epoch !== undefined && <Fact name="Connection" value={`number ${event.epoch}`} />}
        <Fact name="Kind" value={event.cause === undefined ? event.type : `${event.type}, ${event.cause}`} />
      </dl>
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

/** The opened item of the picture. A stretch shows what began and what ended it. */
export function Detail({ chosen, now }: { chosen: Chosen | undefined; now: number }) {
  if (!chosen) return <p className="quiet">Choose a stretch or a mark to read what happened, who did it, why, and what to do.</p>;
  if ("events" in chosen) {
    return (
      <div className="stack">
        {chosen.events.map((event) => (
          <EntryDetail key={event.id} event={event} />
        ))}
      </div>
    );
  }
  const { label, from, to, began, ended } = chosen.span;
  const lasted = began ? duration((ended ? to : now) - from) : undefined;
  return (
    <div className="stack">
      <h3>
        {label} {lasted === undefined ? "since before what is shown" : `for ${lasted}`}
        {!ended && ", until now"}
      </h3>
      {began && <Section title="How it began" event={began} />}
      {ended && <Section title="How it ended" event={ended} />}
    </div>
  );
}

function Section({ title, event }: { title: string; event: Event }) {
  return (
    <section className="stack" data-gap="tight">
      <h4 className="small quiet">{title}</h4>
      <EntryDetail event={event} />
    </section>
  );
}
