import type { RobotId } from "@tether/protocol/id";
import { useState } from "react";
import { Button } from "../part/button.tsx";
import { Empty } from "../part/empty.tsx";
import { FailureNote } from "../part/note.tsx";
import { Skeleton } from "../part/page.tsx";
import { instant } from "../words/instant.ts";
import { useNow } from "../words/now.ts";
import { Detail } from "./detail.tsx";
import { EntryTable } from "./entry-table.tsx";
import { download } from "./export.ts";
import { lanesOf } from "./lane.ts";
import { useTimeline } from "./load.ts";
import { type Chosen, Picture } from "./picture.tsx";
import { at, fitting, lengths, live, panned, stepped, type View, zoomed } from "./zoom.ts";

/** Rows shown at first; what is beyond is asked for. */
const rowsFirst = 100;

/** The picture of a robot's day, the entry that is open, and all of them as a table. */
export function TimelineView({ robot, name }: { robot: RobotId; name: string }) {
  const now = useNow();
  const [kept, setView] = useState<View>();
  const [chosen, choose] = useState<Chosen>();
  const [rows, setRows] = useState(rowsFirst);
  const view = at(kept ?? fitting(undefined, now), now);
  const { history, failure, isLoading, isPartial } = useTimeline(robot, view.from);
  if (!kept && !isLoading) setView(fitting(history.events[0]?.at, now));
  const lanes = lanesOf({ events: history.events, since: history.since, now });
  const shown = history.events.filter((event) => event.at >= view.from && event.at <= view.to);

  const onKey = (key: string) => {
    if (key === "+" || key === "=") setView(stepped(view, "in", now));
    else if (key === "-") setView(stepped(view, "out", now));
    else if (key === "PageUp") setView(panned(view, -0.5, now));
    else if (key === "PageDown") setView(panned(view, 0.5, now));
    else if (key === "End") setView(live(view.to - view.from, now));
    else return false;
    return true;
  };

  if (isLoading && history.events.length === 0) return <Skeleton />;
  if (failure && history.events.length === 0) return <FailureNote failure={failure} />;
  return (
    <div className="stack">
      {failure && <FailureNote failure={failure} />}
      <Tools view={view} now={now} setView={setView} isPartial={isPartial} save={() => download({ robot, name, view, events: shown })} />
      <p className="small quiet number">
        {instant(view.from)} – {view.isLive ? "now" : instant(view.to)}
        {isPartial && " · Looking further back …"}
      </p>
      <div className="timeline">
        <section className="card" aria-label="Picture">
          <Picture lanes={lanes} view={view} now={now} chosen={chosen} choose={choose} onKey={onKey} />
        </section>
        <section className="card detail" aria-label="What happened" aria-live="polite">
          <Detail chosen={chosen} now={now} />
        </section>
      </div>
      <section className="stack" aria-labelledby="entries">
        <h2 id="entries">
          {shown.length} {shown.length === 1 ? "entry" : "entries"} in this time
        </h2>
        {shown.length === 0 ? (
          <Empty title="Nothing happened in this time">
            <p>A quiet time is a good time. Look at a longer one to see what was before.</p>
            <Button onClick={() => setView(stepped(view, "out", now))}>Look at a longer time</Button>
          </Empty>
        ) : (
          <EntryTable events={shown.slice(-rows)} now={now} open={(event) => choose({ events: [event] })} />
        )}
        {shown.length > rows && (
          <div>
            <Button onClick={() => setRows(rows + rowsFirst)}>Show more</Button>
          </div>
        )}
      </section>
    </div>
  );
}

type ToolsProps = { view: View; now: number; setView: (view: View) => void; isPartial: boolean; save: () => void };

function Tools({ view, now, setView, isPartial, save }: ToolsProps) {
  const length = view.to - view.from;
  return (
    <div className="row" data-spread>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset's legend would only repeat what the buttons say. */}
      <div className="row" data-tight role="group" aria-label="Time shown">
        {lengths.map(({ ms, name }) => (
          <Button key={ms} size="small" aria-pressed={Math.abs(length - ms) < 1} onClick={() => setView(zoomed(view, ms, now))}>
            {name}
          </Button>
        ))}
      </div>
      <div className="row" data-tight>
        <Button size="small" onClick={() => setView(panned(view, -0.5, now))}>
          Earlier
        </Button>
        <Button size="small" onClick={() => setView(panned(view, 0.5, now))}>
          Later
        </Button>
        <Button size="small" aria-pressed={view.isLive} onClick={() => setView(live(length, now))}>
          Live
        </Button>
        {/* What is saved is all of this time, or nothing. */}
        <Button size="small" isBusy={isPartial} onClick={save}>
          Save as JSON
        </Button>
      </div>
    </div>
  );
}
