import type { Role } from "@tether/protocol/role";
import { type FormEvent, useState } from "react";
import { Badge } from "../component/badge.tsx";
import { Button } from "../component/button.tsx";
import { Field } from "../component/field.tsx";
import { useKeptFocus } from "../component/kept-focus.ts";
import { countdown } from "../format/duration.ts";
import { type Act, actWords, controlWords, newsWords } from "./control-words.ts";
import type { DriveSession } from "./drive-session.ts";
import type { Request } from "./facts.ts";
import type { Snapshot } from "./snapshot.ts";

type PanelProps = { driveSession: DriveSession | undefined; snapshot: Snapshot; role: Role; now: number };

/** The state of control, why this person cannot drive, and what to do about it. */
export function ControlPanel({ driveSession, snapshot, role, now }: PanelProps) {
  const [isTaking, setTaking] = useState(false);
  const { home, container } = useKeptFocus<HTMLHeadingElement>();
  const words = controlWords(snapshot, role, now);
  const news = snapshot.news && newsWords(snapshot.news);
  const canTake = words.acts.includes("take");
  if (isTaking && !canTake) setTaking(false);
  const acts: Readonly<Record<Act, () => void>> = {
    request: () => driveSession?.request(),
    cancel: () => driveSession?.cancel(),
    release: () => driveSession?.release(),
    take: () => setTaking(true),
    resume: () => driveSession?.resume(),
  };
  return (
    <section {...container} className="card control stack" data-gap="tight" aria-labelledby="control">
      <div className="row" data-spread>
        <h2 ref={home} id="control" tabIndex={-1}>
          Control
        </h2>
        <Badge tone={words.tone}>{words.word}</Badge>
      </div>
      <p aria-live="polite">
        {words.says} {words.remedy}
      </p>
      {words.clock !== undefined && <p className="small number">{words.clock}</p>}
      {driveSession &&
        snapshot.requests.map((request) => <Asked key={request.from} request={request} driveSession={driveSession} now={now} />)}
      {isTaking ? (
        <Take
          done={(reason) => {
            setTaking(false);
            if (reason !== undefined) driveSession?.take(reason);
          }}
        />
      ) : (
        <div className="row">
          {words.acts.map((act, index) => (
            <Button key={act} {...(index === 0 && act !== "release" && { kind: "main" as const })} onClick={acts[act]}>
              {actWords[act]}
            </Button>
          ))}
        </div>
      )}
      <div aria-live="polite">
        {news && (
          <div className="note" data-tone={news.tone}>
            <p>
              <strong>{news.says}</strong> {news.remedy}
            </p>
            <div>
              <Button size="small" onClick={() => driveSession?.dismiss()}>
                Understood
              </Button>
            </div>
          </div>
        )}
      </div>
    </section>
  );
}

/** Another's request for control, which the holder grants or refuses, with a reason if there is one. */
function Asked({ request: { from, user, answerBy }, driveSession, now }: { request: Request; driveSession: DriveSession; now: number }) {
  const [reason, setReason] = useState("");
  const name = user.name ?? user.id;
  return (
    <section className="note stack" data-tone="warn" data-gap="tight" aria-label={`${name} asks for control`}>
      <div className="row" data-spread>
        <p role="alert">
          <strong>{name} asks for control.</strong>
        </p>
        <p className="small number">{countdown(answerBy, now)}</p>
      </div>
      <div className="row">
        <Button kind="main" onClick={() => driveSession.give(from)}>
          Hand over
        </Button>
        <Button onClick={() => driveSession.deny(from, reason.trim() === "" ? undefined : reason.trim())}>Refuse</Button>
      </div>
      <Field label="Why not, if you refuse" value={reason} maxLength={200} onChange={({ target }) => setReason(target.value)} />
    </section>
  );
}

/** Takes control with a reason, which its holder and the timeline are told. Not a modal dialog: STOP stays in reach. */
function Take({ done }: { done: (reason: string | undefined) => void }) {
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() !== "") done(reason.trim());
  };
  return (
    <form className="stack" data-gap="tight" onSubmit={submit}>
      <Field
        label="Why you take control"
        hint="The robot stops. Its driver is told who took control and why."
        value={reason}
        maxLength={200}
        required
        autoFocus
        onChange={({ target }) => setReason(target.value)}
      />
      <div className="row">
        <Button kind="danger" type="submit">
          Take control
        </Button>
        <Button onClick={() => done(undefined)}>Leave it</Button>
      </div>
    </form>
  );
}
