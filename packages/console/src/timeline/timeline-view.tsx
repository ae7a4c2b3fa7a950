import type { RobotId } from "@tether/protocol/id";
import { isFlap, rowsIn } from "@tether/sdk/timeline/flap";
import { useMemo, useState } from "react";
import { Button } from "../component/button.tsx";
import { Empty } from "../component/empty.tsx";
import { FailureNote } from "../component/note.tsx";
import { Skeleton } from "../component/page.tsx";
import { instant } from "../format/instant.ts";
import { useNow } from "../format/use-now.ts";
import { Detail } from "./detail.tsx";
import { EntryTable } from "./entry-table.tsx";
import { download } from "./export.ts";
import { lanesOf } from "./lane.ts";
import { useTimeline } from "./load.ts";
import { type Chosen, Picture } from "./picture.tsx";
import { at, fitting, lengths, live, panned, stepped, type TimeRange, zoomed } from "./zoom.ts";

/** Rows shown at first; what is beyond is asked for. */
const rowsFirst = 100;

/** The picture of a robot's day, the entry that is open, and all of them as a table. */
export function TimelineView({ robot, name }: { robot: RobotId; name: string }) {
  const now = useNow();
  const [kept, setRange] = useState<TimeRange>();
  const [chosen, choose] = useState<Chosen>();
  const [most, setMost] = useState(rowsFirst);
  const range = at(kept ?? fitting(undefined, now), now);
  const { history, failure, isLoading, isPartial } = useTimeline(robot, range.from);
  if (!kept && !isLoading) setRange(fitting(history.events[0]?.at, now));
  const lanes = lanesOf({ events: history.events, since: history.since, now });
  const within = history.events.filter((event) => event.at >= range.from && event.at <= range.to);
  const all = useMemo(() => rowsIn(history.events), [history.events]);
  const rows = all.filter((row) => (isFlap(row) ? row.until : row.at) >= range.from && row.at <= range.to);

  const onKey = (key: string) => {
    if (key === "+" || key === "=") setRange(stepped(range, "in", now));
    else if (key === "-") setRange(stepped(range, "out", now));
    else if (key === "PageUp") setRange(panned(range, -0.5, now));
    else if (key === "PageDown") setRange(panned(range, 0.5, now));
    else if (key === "End") setRange(live(range.to - range.from, now));
    else return false;
    return true;
  };

  if (isLoading && history.events.length === 0) return <Skeleton />;
  if (failure && history.events.length === 0) return <FailureNote failure={failure} />;
  return (
    <div className="stack">
      {failure && <FailureNote failure={failure} />}
      <Tools
        range={range}
        now={now}
        setRange={setRange}
        isPartial={isPartial}
        save={() => download({ robot, name, range, events: within })}
      />
      <p className="small quiet number">
        {instant(range.from)} – {range.isLive ? "now" : instant(range.to)}
        {isPartial && " · Looking further back …"}
      </p>
      <div className="timeline">
        <section className="card" aria-label="Picture">
          <Picture lanes={lanes} range={range} now={now} chosen={chosen} choose={choose} onKey={onKey} />
        </section>
        <section className="card detail" aria-label="What happened" aria-live="polite">
          <Detail chosen={chosen} now={now} />
        </section>
      </div>
      <section className="stack" aria-labelledby="entries">
        <h2 id="entries">
          {rows.length} {rows.length === 1 ? "entry" : "entries"} in this time
        </h2>
        {rows.length === 0 ? (
          <Empty title="Nothing happened in this time">
            <p>A quiet time is a good time. Look at a longer one to see what was before.</p>
            <Button onClick={() => setRange(stepped(range, "out", now))}>Look at a longer time</Button>
          </Empty>
        ) : (
          <EntryTable rows={rows.slice(-most)} now={now} />
        )}
        {rows.length > most && (
          <div>
            <Button onClick={() => setMost(most + rowsFirst)}>Show more</Button>
          </div>
        )}
      </section>
    </div>
  );
}

type ToolsProps = { range: TimeRange; now: number; setRange: (range: TimeRange) => void; isPartial: boolean; save: () => void };

function Tools({ range, now, setRange, isPartial, save }: ToolsProps) {
  const length = range.to - range.from;
  return (
    <div className="row" data-spread>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset's legend would only repeat what the buttons say. */}
      <div className="row" data-tight role="group" aria-label="Time shown">
        {lengths.map(({ ms, name }) => (
          <Button key={ms} size="small" aria-pressed={Math.abs(length - ms) < 1} onClick={() => setRange(zoomed(range, ms, now))}>
            {name}
          </Button>
        ))}
      </div>
      <div className="row" data-tight>
        <Button size="small" onClick={() => setRange(panned(range, -0.5, now))}>
          Earlier
        </Button>
        <Button size="small" onClick={() => setRange(panned(range, 0.5, now))}>
          Later
        </Button>
        <Button size="small" aria-pressed={range.isLive} onClick={() => setRange(live(length, now))}>
          Live
        </Button>
        {/* The saved file holds all of this time, or is not offered. */}
        <Button size="small" isBusy={isPartial} onClick={save}>
          Save as JSON
        </Button>
      </div>
    </div>
  );
}
