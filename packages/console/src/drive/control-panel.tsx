import type { Role } from "@tether/protocol/role";
import { type FormEvent, useState } from "react";
import { Badge } from "../part/badge.tsx";
import { Button } from "../part/button.tsx";
import { Field } from "../part/field.tsx";
import { useKeptFocus } from "../part/kept-focus.ts";
import { countdown } from "../words/duration.ts";
import type { Cockpit, View } from "./cockpit.ts";
import { type Act, actWords, newsWords, standingOf } from "./control-words.ts";
import type { Request } from "./facts.ts";

type PanelProps = { cockpit: Cockpit | undefined; view: View; role: Role; now: number };

/** Who may drive, why one cannot, and what to do about it. */
export function ControlPanel({ cockpit, view, role, now }: PanelProps) {
  const [isTaking, setTaking] = useState(false);
  const { home, place } = useKeptFocus<HTMLHeadingElement>();
  const standing = standingOf(view, role, now);
  const news = view.news && newsWords(view.news);
  const canTake = standing.acts.includes("take");
  if (isTaking && !canTake) setTaking(false);
  const acts: Readonly<Record<Act, () => void>> = {
    request: () => cockpit?.request(),
    cancel: () => cockpit?.cancel(),
    release: () => cockpit?.release(),
    take: () => setTaking(true),
    resume: () => cockpit?.resume(),
  };
  return (
    <section {...place} className="card control stack" data-gap="tight" aria-labelledby="control">
      <div className="row" data-spread>
        <h2 ref={home} id="control" tabIndex={-1}>
          Control
        </h2>
        <Badge tone={standing.tone}>{standing.word}</Badge>
      </div>
      <p aria-live="polite">
        {standing.says} {standing.remedy}
      </p>
      {standing.clock !== undefined && <p className="small number">{standing.clock}</p>}
      {cockpit && view.requests.map((request) => <Asked key={request.from} request={request} cockpit={cockpit} now={now} />)}
      {isTaking ? (
        <Take
          done={(reason) => {
            setTaking(false);
            if (reason !== undefined) cockpit?.take(reason);
          }}
        />
      ) : (
        <div className="row">
          {standing.acts.map((act, index) => (
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
              <Button size="small" onClick={() => cockpit?.dismiss()}>
                Understood
              </Button>
            </div>
          </div>
        )}
      </div>
    </section>
  );
}

/** Another asks for control: the holder gives it or refuses, in words if there are any. */
function Asked({ request: { from, user, answerBy }, cockpit, now }: { request: Request; cockpit: Cockpit; now: number }) {
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
        <Button kind="main" onClick={() => cockpit.give(from)}>
          Hand over
        </Button>
        <Button onClick={() => cockpit.deny(from, reason.trim() === "" ? undefined : reason.trim())}>Refuse</Button>
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
