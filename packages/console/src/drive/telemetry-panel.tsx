import { useSyncExternalStore } from "react";
import type { Cockpit } from "./cockpit.ts";
import { rowsOf } from "./telemetry.ts";

/** What the robot measures, as it tells it. */
export function TelemetryPanel({ cockpit }: { cockpit: Cockpit }) {
  const telemetry = useSyncExternalStore(cockpit.measured, cockpit.telemetry);
  return (
    <section className="card stack telemetry" data-gap="tight" aria-labelledby="telemetry">
      <h2 id="telemetry">What it measures</h2>
      {telemetry === undefined ? (
        <p className="small quiet">Nothing yet.</p>
      ) : (
        <dl className="facts small number">
          {rowsOf(telemetry).map(({ name, value }) => (
            <div key={name} className="pair">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
