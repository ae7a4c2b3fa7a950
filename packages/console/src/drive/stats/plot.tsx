import { useEffect, useRef } from "react";
import Chart from "uplot";
import { shownMs } from "./history.ts";

type PlotProps = {
  /** When, in ms, and how much; null is a gap. */
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
  /** The scale reaches this at least, so that little noise looks like little. */
  readonly least: number;
};

/** The last minute as a line, in the colour of the text around it, from zero up. */
export function Plot({ times, values, least }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart>(undefined);

  useEffect(() => {
    const host = box.current;
    if (!host) return;
    const made = new Chart(
      {
        ...sizeOf(host),
        padding: [2, 0, 2, 0],
        legend: { show: false },
        cursor: { show: false },
        axes: [{ show: false }, { show: false }],
        scales: {
          x: { time: false, range: (_, __, to) => [to - shownMs, to] },
          y: { range: (_, __, most) => [0, Math.max(least, most ?? 0)] },
        },
        series: [{}, { stroke: () => getComputedStyle(host).color, width: 1.5, points: { show: false } }],
      },
      undefined,
      host,
    );
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize(sizeOf(host)));
    observer.observe(host);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [least]);

  useEffect(() => chart.current?.setData([[...times], [...values]]), [times, values]);

  return <div ref={box} className="plot" />;
}

function sizeOf({ clientWidth, clientHeight }: HTMLElement) {
  return { width: clientWidth, height: clientHeight };
}
