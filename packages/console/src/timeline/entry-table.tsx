import { Fragment, useId, useState } from "react";
import { near } from "../format/instant.ts";
import { EntryDetail } from "./detail.tsx";
import { actorOf, type Event, toneOf } from "./event.ts";

const words = { good: "Good", note: "Note", warn: "Warning", bad: "Trouble" } as const;

/** The picture's entries as a table, newest first. A row that is clicked opens right below itself. */
export function EntryTable({ events, now }: { events: readonly Event[]; now: number }) {
  const [opened, setOpened] = useState<string>();
  const id = useId();
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
        {events.toReversed().map((event) => (
          <Fragment key={event.id}>
            <tr>
              <td className="number nowrap">{near(event.at, now)}</td>
              <td>
                <div className="what">
                  <span className="dot" data-tone={toneOf(event)} aria-hidden="true" />
                  {toneOf(event) !== "note" && toneOf(event) !== "good" && <span className="hidden">{words[toneOf(event)]}: </span>}
                  <button
                    type="button"
                    className="plain"
                    aria-expanded={opened === event.id}
                    aria-controls={opened === event.id ? id : undefined}
                    onClick={() => setOpened(opened === event.id ? undefined : event.id)}
                  >
                    {event.says}
                  </button>
                </div>
              </td>
              <td className="wide">{actorOf(event)}</td>
            </tr>
            {opened === event.id && (
              <tr id={id}>
                <td colSpan={3}>
                  <EntryDetail event={event} />
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}
