import { checks, type DiagnosisEnv } from "@tether/sdk/diagnosis/checks";
import { diagnose } from "@tether/sdk/diagnosis/diagnose";
import type { Outcome } from "@tether/sdk/diagnosis/finding";
import { reportOf, summaryOf } from "@tether/sdk/diagnosis/report";
import { useState } from "react";
import { Badge } from "../component/badge.tsx";
import { Button } from "../component/button.tsx";
import { Copy } from "../component/copy.tsx";
import { Page } from "../component/page.tsx";
import type { Tone } from "../component/tone.ts";
import { type Services, useServices } from "../services.ts";
import { tokenOf } from "../sign-in/token.ts";

const tones: Readonly<Record<Outcome["result"], { word: string; tone: Tone }>> = {
  good: { word: "OK", tone: "good" },
  bad: { word: "Failed", tone: "bad" },
  skipped: { word: "Skipped", tone: "quiet" },
};

/** The checks from the API to a picture of the robot: what works from here, how long it took, and what to do about what does not. */
export function DiagnosticsPage() {
  const services = useServices();
  const { clock } = services.platform;
  const [outcomes, setOutcomes] = useState<Readonly<Record<string, Outcome>>>({});
  const [running, setRunning] = useState<string>();
  const run = async () => {
    setOutcomes({});
    await diagnose(envOf(services), {
      begun: ({ id }) => setRunning(id),
      done: ({ id }, outcome) => setOutcomes((before) => ({ ...before, [id]: outcome })),
    });
    setRunning(undefined);
  };
  const isDone = running === undefined && Object.keys(outcomes).length > 0;
  const about = { at: clock.now(), api: services.config.api, from: navigator.userAgent };
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
        <p role="status">{isDone && summaryOf(Object.values(outcomes))}</p>
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

function envOf({ platform, config, identity, api }: Services): DiagnosisEnv {
  return {
    platform,
    api: config.api,
    call: api.call,
    token: tokenOf(identity),
    life: async () => identity.life(),
    tokenMinutes: config.identity.tokenMinutes,
    PeerConnection: "RTCPeerConnection" in globalThis ? RTCPeerConnection : undefined,
  };
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
