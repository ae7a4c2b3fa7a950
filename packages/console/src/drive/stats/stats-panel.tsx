import type { Drive } from "@tether/sdk/client";
import { lazy, type ReactNode, Suspense, useEffect, useId, useMemo, useState } from "react";
import { useServices } from "../../services.ts";
import { kept, type Point } from "./history.ts";
import type { Sample } from "./sample.ts";
import { watch } from "./watch.ts";
import { bitrate, frames, milliseconds, path, percent, unknown } from "./word.ts";

const Plot = lazy(() => import("./plot.tsx").then(({ Plot }) => ({ default: Plot })));

type Figure = "roundTripMs" | "commandAgeMs" | "fps" | "bitrate" | "loss" | "jitterMs" | "bufferMs";

/** `least`: what the plot's scale reaches at least. */
const gauges: readonly { of: Figure; name: string; says: (value: number) => string; least: number }[] = [
  { of: "roundTripMs", name: "Round-trip time", says: milliseconds, least: 200 },
  { of: "commandAgeMs", name: "Command age", says: milliseconds, least: 200 },
  { of: "fps", name: "Frame rate", says: frames, least: 30 },
  { of: "bitrate", name: "Bitrate", says: bitrate, least: 1_000_000 },
  { of: "loss", name: "Packet loss", says: percent, least: 0.05 },
  { of: "jitterMs", name: "Jitter", says: milliseconds, least: 50 },
  { of: "bufferMs", name: "Picture waits", says: milliseconds, least: 50 },
];

/** The figures of the connection with the robot, each with its last minute. The plots repeat what the figures say. */
export function StatsPanel({ pc, control }: { readonly pc: RTCPeerConnection | undefined; readonly control: Drive }): ReactNode {
  const points = usePoints(pc, control);
  const id = useId();
  const now: Sample | undefined = points.at(-1);
  const { size } = now ?? {};
  return (
    <section className="card stats" aria-labelledby={id}>
      <h2 id={id}>Connection</h2>
      <dl className="gauges">
        {gauges.map(({ of, name, says, least }) => (
          <div key={of}>
            <dt>{name}</dt>
            <dd className="number">{said(now?.[of], says)}</dd>
            <dd aria-hidden="true">
              <Suspense fallback={<div className="plot" />}>
                <Line points={points} of={of} least={least} />
              </Suspense>
            </dd>
          </div>
        ))}
      </dl>
      <dl className="facts small">
        <dt>Path</dt>
        <dd>{said(now?.path, path)}</dd>
        <dt>Codec</dt>
        <dd>{now?.codec ?? unknown}</dd>
        <dt>Size</dt>
        <dd className="number">{said(size, ({ width, height }) => `${width} × ${height}`)}</dd>
      </dl>
    </section>
  );
}

function Line({ points, of, least }: { points: readonly Point[]; of: Figure; least: number }) {
  const [times, values] = useMemo(() => [points.map(({ at }) => at), points.map((point) => point[of] ?? null)], [points, of]);
  return <Plot times={times} values={values} least={least} />;
}

function said<Value>(value: Value | undefined, says: (value: Value) => string): string {
  return value === undefined ? unknown : says(value);
}

function usePoints(pc: RTCPeerConnection | undefined, control: Drive): readonly Point[] {
  const { clock } = useServices().platform;
  const [points, setPoints] = useState<readonly Point[]>([]);
  useEffect(() => {
    const take = (sample: Sample) => setPoints((before) => kept(before, { ...sample, at: clock.now() }));
    return watch({ clock, pc, control, take });
  }, [clock, pc, control]);
  return points;
}
