import type { Robot } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { atLeast } from "@tether/protocol/role";
import { useState } from "react";
import { failureOf } from "../api/failure.ts";
import { Badge } from "../component/badge.tsx";
import { Button } from "../component/button.tsx";
import { Copy } from "../component/copy.tsx";
import { Empty } from "../component/empty.tsx";
import { FailureNote, Note } from "../component/note.tsx";
import { Link } from "../route/link.tsx";
import { asJson, asText } from "./export.ts";
import { everything, type Filter, isEverything, matching } from "./filter.ts";
import { FilterForm } from "./filter-form.tsx";
import { LineTable } from "./line-table.tsx";
import { maxLines } from "./log.ts";
import { RateLine } from "./rate-line.tsx";
import { useMonitor, type Watched } from "./use-monitor.ts";

/** Rows shown at first; what is beyond is asked for. */
const rowsFirst = 100;

/** The frames that pass at a robot, live, for its owners. */
export function MonitorView({ robot: { id, name, role } }: { robot: Pick<Robot, "id" | "name" | "role"> }) {
  return atLeast(role, "owner") ? <Monitor id={id} name={name} /> : <FailureNote failure={failureOf("access.denied")} />;
}

function Monitor({ id, name }: { id: RobotId; name: string }) {
  const watched = useMonitor(id);
  const [filter, setFilter] = useState<Filter>(everything);
  const [rows, setRows] = useState(rowsFirst);
  const { log, rates } = watched.record;
  const lines = matching(log.lines, filter, name);
  return (
    <div className="stack">
      <Bar watched={watched} lines={lines} name={name} />
      <Trouble watched={watched} id={id} />
      <FilterForm filter={filter} choose={setFilter} />
      <RateLine rates={rates} />
      {lines.length > 0 ? (
        <LineTable lines={lines.slice(-rows)} robot={name} />
      ) : log.lines.length > 0 ? (
        <Empty title="None of what was seen is like that">
          <Button onClick={() => setFilter(everything)}>Show everything</Button>
        </Empty>
      ) : (
        <Empty title="Nothing yet">
          <p>
            Signals pass when someone connects to {name}, or a connection is mended. Each stands here as it is sent: who sent it, what it
            was, how large, and what became of it; never what is in it. Drive {name} from another window to see some.
          </p>
        </Empty>
      )}
      {lines.length > rows && (
        <div>
          <Button onClick={() => setRows(rows + rowsFirst)}>Show more</Button>
        </div>
      )}
      <p className="small quiet">
        {isEverything(filter) ? "" : `${lines.length} of ${log.lines.length} lines. `}The last {maxLines.toLocaleString("en")} lines are
        kept, in this page only.
      </p>
    </div>
  );
}

function Bar({
  watched: { record, recorder, connection },
  lines,
  name,
}: {
  watched: Watched;
  lines: Parameters<typeof asJson>[0];
  name: string;
}) {
  const { isPaused, news } = record.log;
  return (
    <div className="row" data-spread>
      <div className="row">
        <Badge tone={connection.tone}>{connection.word}</Badge>
        <span className="hidden" role="status">
          {isPaused ? "Paused" : connection.word}
        </span>
        {isPaused && <span className="number">Paused; {news} new</span>}
      </div>
      <div className="row" data-tight>
        <Button size="small" aria-pressed={isPaused} onClick={isPaused ? recorder.resume : recorder.pause}>
          Pause
        </Button>
        <Button size="small" onClick={recorder.clear}>
          Clear
        </Button>
        <Copy text={() => asText(lines, name)} label="Copy as text" />
        <Copy text={() => asJson(lines)} label="Copy as JSON" />
      </div>
    </div>
  );
}

function Trouble({ watched: { connection, again }, id }: { watched: Watched; id: RobotId }) {
  const { trouble, isOver } = connection;
  if (!trouble) return null;
  return (
    <Note tone={trouble.tone}>
      <strong>{trouble.says}</strong>
      <p>{trouble.remedy}</p>
      {isOver && (
        <div className="row">
          <Button onClick={again}>Try again</Button>
          <Link to={{ page: "sessions", robot: id }}>Sessions</Link>
        </div>
      )}
    </Note>
  );
}
