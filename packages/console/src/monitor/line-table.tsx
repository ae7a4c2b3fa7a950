import { memo } from "react";
import { preciseTimeOf, timeOf } from "../format/instant.ts";
import { type FrameLine, isGap, type Line } from "./line.ts";
import { kindWord, nameOf, sizeWord, verdictWord } from "./words.ts";

/** Lines as a table, newest first. */
export function LineTable({ lines, robot }: { lines: readonly Line[]; robot: string }) {
  return (
    <table className="lines small">
      <caption className="hidden">Signals at {robot}, newest first</caption>
      <thead>
        <tr>
          <th scope="col" className="wide time">
            Time
          </th>
          <th scope="col" className="wide">
            From, to
          </th>
          <th scope="col">Type</th>
          <th scope="col" className="wide size">
            Size
          </th>
          <th scope="col" className="judged">
            Verdict
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.toReversed().map((line) => (
          <Row key={line.n} line={line} robot={robot} />
        ))}
      </tbody>
    </table>
  );
}

/** Lines never change, and there are many. */
const Row = memo(function Row({ line, robot }: { line: Line; robot: string }) {
  if (!isGap(line)) return <FrameRow line={line} robot={robot} />;
  const { from, to } = line.gap;
  return (
    <tr className="gap">
      <td colSpan={5}>
        Nothing could be seen from {timeOf(from)} to {timeOf(to)}: this page's own connection was away.
      </td>
    </tr>
  );
});

/** On a narrow screen the text of a missing column stands below the type. */
function FrameRow({ line, robot }: { line: FrameLine; robot: string }) {
  const { tone, word, more } = verdictWord(line);
  return (
    <tr>
      <td className="wide number nowrap">{preciseTimeOf(line.at)}</td>
      <td className="wide">
        <Ends line={line} robot={robot} />
      </td>
      <td>
        {kindWord(line.kind)}
        <p className="narrow">
          <Ends line={line} robot={robot} />
        </p>
        <p className="narrow number quiet">
          {preciseTimeOf(line.at)}, {sizeWord(line.bytes)}
        </p>
        {more !== undefined && <p className="narrow">{more}</p>}
      </td>
      <td className="wide size number nowrap">{sizeWord(line.bytes)}</td>
      <td>
        <span className="verdict" data-tone={tone}>
          {word}
        </span>
        {more !== undefined && <span className="wide quiet"> {more}</span>}
      </td>
    </tr>
  );
}

function Ends({ line: { from, to }, robot }: { line: FrameLine; robot: string }) {
  return (
    <>
      {nameOf(from, robot)} <span aria-hidden="true">→</span>
      <span className="hidden">to</span> {nameOf(to, robot)}
    </>
  );
}
