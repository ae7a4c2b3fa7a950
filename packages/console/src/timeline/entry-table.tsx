import { near } from "../format/instant.ts";
import { actorOf, type Event, toneOf } from "./event.ts";

const words = { good: "Good", note: "Note", warn: "Warning", bad: "Trouble" } as const;

/** The same as the picture, as a table: newest first. */
export function EntryTable({ events, now, open }: { events: readonly Event[]; now: number; open: (event: Event) => void }) {
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
          <tr key={event.id}>
            <td className="number nowrap">{near(event.at, now)}</td>
            <td>
              <div className="what">
                <span className="dot" data-tone={toneOf(event)} aria-hidden="true" />
                {toneOf(event) !== "note" && toneOf(event) !== "good" && <span className="hidden">{words[toneOf(event)]}: </span>}
                <button type="button" className="plain" onClick={() => open(event)}>
                  {event.says}
                </button>
              </div>
            </td>
            <td className="wide">{actorOf(event)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
