import { limits } from "@tether/protocol/limits";
import { useSyncExternalStore } from "react";
import { age } from "../words/duration.ts";
import { useNow } from "../words/now.ts";
import type { Cockpit } from "./cockpit.ts";
import { rowsOf } from "./telemetry.ts";

/** What the robot measures, as it tells it, and how long ago. What is older than a second is shown as old. */
export function TelemetryPanel({ cockpit }: { cockpit: Cockpit }) {
  const telemetry = useSyncExternalStore(cockpit.measured, cockpit.telemetry);
  useNow(250);
  const ageMs = telemetry && Math.max(0, cockpit.now() - telemetry.at);
  const isOld = ageMs !== undefined && ageMs >= limits.control.silentMs;
  return (
    <section className="card stack telemetry" data-gap="tight" aria-labelledby="telemetry" data-old={isOld || undefined}>
      <div className="row" data-spread>
        <h2 id="telemetry">What it measures</h2>
        {ageMs !== undefined && <p className="small number age">{isOld ? `Old: ${age(ageMs)} ago` : `${age(ageMs)} ago`}</p>}
      </div>
      {telemetry === undefined ? (
        <p className="small quiet">Nothing yet.</p>
      ) : (
        <dl className="facts small number">
          {rowsOf(telemetry.value).map(({ name, value }) => (
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
