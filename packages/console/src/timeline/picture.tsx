import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { near, timeOf } from "../format/instant.ts";
import { clusters } from "./cluster.ts";
import { type Event, type Tone, toneOf } from "./event.ts";
import { move, type Position } from "./position.ts";
import type { Lane, Span } from "./span.ts";
import { ticks } from "./tick.ts";
import { type TimeRange, xOf } from "./zoom.ts";

/** An item that can be opened in the picture: a stretch, or entries that stand together. */
export type Chosen = { readonly span: Span } | { readonly events: readonly [Event, ...Event[]] };

type Item = { key: string; x: number; width: number; label: string; chosen: Chosen; tone?: Tone; span?: Span };

const laneHeight = 44;
const axisHeight = 28;
const markSize = 12;

type PictureProps = {
  lanes: readonly Lane[];
  range: TimeRange;
  now: number;
  chosen: Chosen | undefined;
  choose: (chosen: Chosen) => void;
  /** Keys that are not for moving between items: zoom and pan. */
  onKey: (key: string) => boolean;
};

/** The lanes drawn to scale. One item at a time is in the order of Tab; the arrow keys lead to the others. */
export function Picture({ lanes, range, now, chosen, choose, onKey }: PictureProps) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(320);
  const [focus, setFocus] = useState<Position>({ lane: 0, item: 0 });
  const rows = lanes.map((lane) => itemsOf(lane, range, width));
  const current = move(
    focus,
    "stay",
    rows.map((row) => row.length),
  );

  useEffect(() => {
    if (!box.current) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.max(160, Math.floor(entry.contentRect.width))));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    const item = rows[current.lane]?.[current.item];
    if ((event.key === "Enter" || event.key === " ") && item) choose(item.chosen);
    else if (event.key.startsWith("Arrow")) {
      const next = move(
        current,
        event.key,
        rows.map((row) => row.length),
      );
      setFocus(next);
      box.current?.querySelector<SVGElement>(`[data-position="${next.lane} ${next.item}"]`)?.focus();
    } else if (!onKey(event.key)) return;
    event.preventDefault();
  };

  const height = axisHeight + lanes.length * laneHeight;
  return (
    <div className="picture">
      <ul className="lane-names" aria-hidden="true">
        {lanes.map(({ id, label }) => (
          <li key={id}>{label}</li>
        ))}
      </ul>
      <div ref={box} className="lane-box">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be drawn. */}
        <svg
          width={width}
          height={height}
          role="group"
          aria-label="Timeline; arrow keys lead from item to item, Enter opens one"
          onKeyDown={onKeyDown}
        >
          <Axis range={range} width={width} height={height} />
          {lanes.map(({ id, label }, lane) => (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be drawn.
            // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a g is no interactive element.
            <g key={id} role="group" aria-label={label} transform={`translate(0 ${axisHeight + lane * laneHeight})`}>
              <line x1="0" x2={width} y1={laneHeight} y2={laneHeight} className="lane-line" />
              {drawn(rows[lane] ?? []).map(({ item, index }) => (
                <Drawn
                  key={item.key}
                  item={item}
                  lane={label}
                  position={`${lane} ${index}`}
                  isCurrent={current.lane === lane && current.item === index}
                  isChosen={isSame(chosen, item.chosen)}
                  open={() => {
                    setFocus({ lane, item: index });
                    choose(item.chosen);
                  }}
                />
              ))}
            </g>
          ))}
          {now <= range.to && now >= range.from && (
            <line className="now-line" x1={xOf(now, range, width) - 1} x2={xOf(now, range, width) - 1} y1={axisHeight} y2={height} />
          )}
        </svg>
      </div>
    </div>
  );
}

function Drawn({
  item,
  lane,
  position: at,
  isCurrent,
  isChosen,
  open,
}: {
  item: Item;
  lane: string;
  position: string;
  isCurrent: boolean;
  isChosen: boolean;
  open: () => void;
}) {
  const { x, width, label, tone, span } = item;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button element cannot be drawn.
    <g
      role="button"
      tabIndex={isCurrent ? 0 : -1}
      aria-label={`${lane}: ${label}`}
      aria-pressed={isChosen}
      data-position={at}
      data-tone={tone}
      data-state={span?.state}
      className={span ? "span" : "mark"}
      onClick={open}
    >
      <title>{label}</title>
      {span ? (
        <>
          <rect x={x} y={10} width={Math.max(2, width)} height={laneHeight - 20} rx="4" />
          {width > 64 && (
            <text x={Math.max(0, x) + 8} y={laneHeight / 2 + 4.5}>
              {span.label.slice(0, Math.floor((width - 16) / 7.5))}
            </text>
          )}
        </>
      ) : (
        <>
          <rect className="reach" x={x - 12} y={0} width={24} height={laneHeight} />
          <Glyph tone={tone ?? "note"} x={x} />
        </>
      )}
    </g>
  );
}

/** The items in the order of drawing: marks lie upon the stretches. */
function drawn(items: readonly Item[]): { item: Item; index: number }[] {
  return items
    .map((item, index) => ({ item, index }))
    .sort((a, b) => Number(a.item.span === undefined) - Number(b.item.span === undefined));
}

/** Every tone has its own shape, so that nobody needs to tell colours apart. */
function Glyph({ tone, x }: { tone: Tone; x: number }) {
  const y = laneHeight / 2;
  const half = markSize / 2;
  if (tone === "bad") return <rect x={x - half} y={y - half} width={markSize} height={markSize} transform={`rotate(45 ${x} ${y})`} />;
  if (tone === "warn") return <path d={`M${x} ${y - 7}L${x + 7.5} ${y + 6}H${x - 7.5}Z`} />;
  return <circle cx={x} cy={y} r={tone === "good" ? half : half - 1} />;
}

function Axis({ range, width, height }: { range: TimeRange; width: number; height: number }) {
  const offsetMs = -new Date(range.from).getTimezoneOffset() * 60_000;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a g cannot be focused.
    <g aria-hidden="true" className="axis">
      {ticks(range, Math.max(2, Math.floor(width / 90)), offsetMs).map(({ at, stepMs }) => {
        const x = xOf(at, range, width);
        const words =
          stepMs >= 86_400_000
            ? new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" }).format(at)
            : timeOf(at).slice(0, stepMs < 60_000 ? 8 : 5);
        return (
          <g key={at}>
            <line x1={x} x2={x} y1={axisHeight - 6} y2={height} />
            <text x={Math.min(Math.max(x, 24), width - 28)} y={14} textAnchor="middle">
              {words}
            </text>
          </g>
        );
      })}
    </g>
  );
}

/** The items of a lane within the range: first the stretches, then the marks upon them, in order of their place. */
function itemsOf({ spans, marks }: Lane, range: TimeRange, width: number): Item[] {
  const at = (instant: number) => Math.min(width, Math.max(0, xOf(instant, range, width)));
  const stretches = spans
    .filter(({ from, to }) => to >= range.from && from <= range.to)
    .map((span): Item => {
      const label = `${span.label}, ${span.began ? `from ${near(span.from, range.to)}` : "from before"} ${span.ended ? `to ${near(span.to, range.to)}` : "until now"}`;
      return {
        key: `${span.state} ${span.began?.id ?? "before"}`,
        x: at(span.from),
        width: at(span.to) - at(span.from),
        label,
        chosen: { span },
        span,
      };
    });
  const seen = marks.filter(({ at: instant }) => instant >= range.from && instant <= range.to);
  const points = clusters(seen, (event) => at(event.at), markSize + 4).map(({ x, items }): Item => {
    const [first] = items;
    const label =
      items.length === 1 ? `${near(first.at, range.to)} ${first.says}` : `${items.length} entries from ${near(first.at, range.to)}`;
    return {
      key: first.id,
      x: Math.min(width - 8, Math.max(8, x)),
      width: 0,
      label,
      chosen: { events: items },
      tone: worst(items.map(toneOf)),
    };
  });
  return [...stretches, ...points].sort((a, b) => a.x - b.x || (a.span ? -1 : 1) - (b.span ? -1 : 1));
}

const tones: readonly Tone[] = ["bad", "warn", "good", "note"];

function worst(of: readonly Tone[]): Tone {
  return tones.find((tone) => of.includes(tone)) ?? "note";
}

function isSame(a: Chosen | undefined, b: Chosen): boolean {
  if (!a) return false;
  if ("span" in a) return "span" in b && a.span.state === b.span.state && a.span.from === b.span.from;
  return "events" in b && a.events[0].id === b.events[0].id;
}
