import { flapRemedy, flapWords, isFlap, type Row } from "@tether/sdk/timeline/flap";
import { Fragment, useId, useState } from "react";
import { duration } from "../format/duration.ts";
import { near } from "../format/instant.ts";
import { EntryDetail } from "./detail.tsx";
import { actorOf, type Event, type Tone, toneOf } from "./event.ts";

const words = { good: "Good", note: "Note", warn: "Warning", bad: "Trouble" } as const;

/** The row that is open. A path that flapped opens to its entries, each of which opens in turn. */
type Opening = { readonly id: string; readonly now: number; isOpen(id: string): boolean; toggle(id: string): void };

/** The timeline's rows as a table, newest first. A row that is clicked opens right below itself. */
export function EntryTable({ rows, now }: { rows: readonly Row[]; now: number }) {
  const [entry, setEntry] = useState<string>();
  const [flap, setFlap] = useState<string>();
  const id = useId();
  const entries: Opening = { id, now, isOpen: (one) => one === entry, toggle: (one) => setEntry(one === entry ? undefined : one) };
  const flaps: Opening = { id: `${id}flap`, now, isOpen: (one) => one === flap, toggle: (one) => setFlap(one === flap ? undefined : one) };
  return (
    <table className="entries">
      <caption className="hidden">What happened in the time shown, newest first</caption>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">What</th>
          <th scope="col" className="wide">
            Who
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.toReversed().map((row) =>
          isFlap(row) ? (
            <Fragment key={`flap ${row.id}`}>
              <Line id={row.id} at={row.until} tone="warn" says={flapWords(row, { duration })} who="Tether" opening={flaps} />
              {flaps.isOpen(row.id) && (
                <>
                  <tr id={flaps.id}>
                    <td colSpan={3}>
                      <p>{flapRemedy}</p>
                    </td>
                  </tr>
                  {row.items.toReversed().map((item) => (
                    <EntryLine key={item.id} event={item} opening={entries} />
                  ))}
                </>
              )}
            </Fragment>
          ) : (
            <EntryLine key={row.id} event={row} opening={entries} />
          ),
        )}
      </tbody>
    </table>
  );
}

function EntryLine({ event, opening }: { event: Event; opening: Opening }) {
  const { id, at, says } = event;
  return (
    <>
      <Line id={id} at={at} tone={toneOf(event)} says={says} who={actorOf(event)} opening={opening} />
      {opening.isOpen(id) && (
        <tr id={opening.id}>
          <td colSpan={3}>
            <EntryDetail event={event} />
          </td>
        </tr>
      )}
    </>
  );
}

type LineProps = { id: string; at: number; tone: Tone; says: string; who: string; opening: Opening };

function Line({ id, at, tone, says, who, opening }: LineProps) {
  const isOpen = opening.isOpen(id);
  return (
    <tr>
      <td className="number nowrap">{near(at, opening.now)}</td>
      <td>
        <div className="what">
          <span className="dot" data-tone={tone} aria-hidden="true" />
          {tone !== "note" && tone !== "good" && <span className="hidden">{words[tone]}: </span>}
          <button
            type="button"
            className="plain"
            aria-expanded={isOpen}
            aria-controls={isOpen ? opening.id : undefined}
            onClick={() => opening.toggle(id)}
          >
            {says}
          </button>
        </div>
      </td>
      <td className="wide">{who}</td>
    </tr>
  );
}
