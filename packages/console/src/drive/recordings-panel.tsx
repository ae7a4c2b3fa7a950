import type { Recording } from "@tether/sdk/peer/cameras";
import { useEffect, useState } from "react";
import { Button } from "../component/button.tsx";
import { saveAs } from "../component/save-as.ts";
import type { DriveSession } from "./drive-session.ts";
import type { Snapshot } from "./snapshot.ts";

type Props = { readonly driveSession: DriveSession; readonly pc: Snapshot["pc"] };

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** The recordings on the robot: made by it around a stop, or when asked, and fetched over the peer connection. */
export function RecordingsPanel({ driveSession, pc }: Props) {
  const [recordings, setRecordings] = useState<readonly Recording[]>([]);
  const [fetching, setFetching] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const source = driveSession.recordings();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each peer connection has a source of its own.
  useEffect(() => source?.onRecordings(setRecordings), [source, pc]);

  async function fetch(recording: Recording): Promise<void> {
    setFetching(recording.name);
    setFailure(undefined);
    try {
      const file = await source?.fetch(recording);
      if (file) saveAs(recording.name, new Blob([file]));
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setFetching(undefined);
    }
  }

  return (
    <section className="card stack" data-gap="tight" aria-labelledby="recordings">
      <div className="row" data-spread>
        <h2 id="recordings">Recordings</h2>
        <Button size="small" onClick={() => source?.keep()}>
          Keep the last 30 s
        </Button>
      </div>
      {recordings.length === 0 && (
        <p className="small quiet">
          None yet. The robot makes one around each stop that nobody meant: pictures, commands, and what it measured.
        </p>
      )}
      <ul className="stack recordings" data-gap="tight">
        {recordings.map((recording) => (
          <li key={recording.name} className="row" data-spread>
            <span className="small number">
              {recording.name} ({megabytes(recording.bytes)})
            </span>
            <Button size="small" isBusy={fetching !== undefined} onClick={() => void fetch(recording)}>
              {fetching === recording.name ? "Fetching …" : "Download"}
            </Button>
          </li>
        ))}
      </ul>
      {failure !== undefined && <p role="alert">{failure}</p>}
    </section>
  );
}
