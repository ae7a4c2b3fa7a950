import { limits } from "@tether/protocol/limits";
import type { TelemetryField } from "@tether/sdk/client";
import { useSyncExternalStore } from "react";
import { age } from "../format/duration.ts";
import { useNow } from "../format/use-now.ts";
import type { DriveSession } from "./drive-session.ts";
import { declaredRows, rowsOf } from "./telemetry.ts";

type Props = { readonly driveSession: DriveSession; readonly fields: readonly TelemetryField[] | undefined };

/** The robot's telemetry and its age. Telemetry older than a second is shown as old. */
export function TelemetryPanel({ driveSession, fields }: Props) {
  const telemetry = useSyncExternalStore(driveSession.measured, driveSession.telemetry);
  useNow(250);
  const ageMs = telemetry && Math.max(0, driveSession.now() - telemetry.at);
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
          {(fields?.length ? declaredRows(telemetry.value, fields) : rowsOf(telemetry.value)).map(({ name, value }) => (
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
