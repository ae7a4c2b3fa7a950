import { useState } from "react";
import { Badge } from "../part/badge.tsx";
import { Button } from "../part/button.tsx";
import { Copy } from "../part/copy.tsx";
import { Page } from "../part/page.tsx";
import type { Tone } from "../part/tone.ts";
import { useWorld } from "../world.ts";
import { bad, type Outcome, reportOf } from "./check.ts";
import { checks } from "./checks.ts";

const tones: Readonly<Record<Outcome["result"], { word: string; tone: Tone }>> = {
  good: { word: "OK", tone: "good" },
  bad: { word: "Failed", tone: "bad" },
  skipped: { word: "Skipped", tone: "quiet" },
};

const broke = bad({ says: "The check itself broke.", remedy: "Load the page again; if it stays, report it." });

/** From the API to WebRTC: what works from here, how long it took, and what to do about what does not. */
export function DiagnosticsPage() {
  const world = useWorld();
  const { clock } = world.platform;
  const [outcomes, setOutcomes] = useState<Readonly<Record<string, Outcome>>>({});
  const [running, setRunning] = useState<string>();
  const run = async () => {
    setOutcomes({});
    const found = {};
    for (const check of checks) {
      setRunning(check.id);
      const begun = clock.now();
      const finding = await check.run(world, found).catch(() => broke);
      setOutcomes((before) => ({ ...before, [check.id]: { ...finding, tookMs: clock.now() - begun } }));
    }
    setRunning(undefined);
  };
  const isDone = running === undefined && Object.keys(outcomes).length > 0;
  const failures = Object.values(outcomes).filter(({ result }) => result === "bad").length;
  const about = { at: clock.now(), api: world.config.api, browser: navigator.userAgent };
  const report = reportOf(
    checks.map(({ id, title }) => ({ title, outcome: outcomes[id] })),
    about,
  );
  return (
    <Page title="Diagnostics">
      <p>
        Looks at every step from this browser to a robot, in order. It attaches to the first of your robots for a moment, which its timeline
        will say.
      </p>
      <div className="row">
        <Button kind="main" isBusy={running !== undefined} onClick={() => void run()}>
          {Object.keys(outcomes).length > 0 ? "Run them again" : "Run the checks"}
        </Button>
        {isDone && <Copy text={report} label="Copy the report" />}
        <p role="status">{isDone && (failures === 0 ? "Nothing is wrong." : `${failures} of ${checks.length} failed.`)}</p>
      </div>
      <ol className="stack">
        {checks.map(({ id, title }) => (
          <li key={id} className="card check">
            <h2>{title}</h2>
            <Result outcome={outcomes[id]} isRunning={running === id} />
          </li>
        ))}
      </ol>
    </Page>
  );
}

function Result({ outcome, isRunning }: { outcome: Outcome | undefined; isRunning: boolean }) {
  if (!outcome) return <Badge tone="quiet">{isRunning ? "Running …" : "Not run"}</Badge>;
  const { word, tone } = tones[outcome.result];
  return (
    <>
      <Badge tone={tone}>{word}</Badge>
      <p>
        {outcome.says} {outcome.result === "bad" && outcome.remedy}
      </p>
      <p className="small quiet number">
        {outcome.tookMs < 1_000 ? `${Math.round(outcome.tookMs)} ms` : `${(outcome.tookMs / 1_000).toFixed(1)} s`}
      </p>
    </>
  );
}
