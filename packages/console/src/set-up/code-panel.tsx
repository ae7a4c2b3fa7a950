import type { EnrollmentCode } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { routes } from "@tether/sdk/api";
import { useState } from "react";
import { encode } from "uqr";
import type { Failure } from "../api/failure.ts";
import { Button } from "../component/button.tsx";
import { Copy } from "../component/copy.tsx";
import { FailureNote, Note } from "../component/note.tsx";
import { countdown } from "../format/duration.ts";
import { useNow } from "../format/use-now.ts";
import { useServices } from "../services.ts";
import { commandsOf } from "./step.ts";

/** A one-time code, shown this once: as a command to paste, and as a picture to scan. */
export function CodePanel({ robot, hasKey }: { robot: RobotId; hasKey: boolean }) {
  const { api, config } = useServices();
  const [code, setCode] = useState<EnrollmentCode>();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const now = useNow();
  const make = async () => {
    setBusy(true);
    const result = await api.call(routes.createEnrollment, { params: { robot } });
    setBusy(false);
    setFailure("failure" in result ? result.failure : undefined);
    if ("value" in result) setCode(result.value);
  };
  const isOver = code !== undefined && code.expiresAt <= now;
  const commands = code && commandsOf(config.api, code);
  return (
    <section className="card stack" aria-labelledby="code">
      <h2 id="code">{hasKey ? "A new key for this robot" : "Code for the robot"}</h2>
      <p>
        {hasKey
          ? "Is the robot lost, or its disk replaced? A new code lets it register another key. Revoke the old one below once the new one works."
          : "A code is good once, for 15 minutes. It is shown to you now and never again."}
      </p>
      {failure && <FailureNote failure={failure} />}
      {commands && !isOver && (
        <div className="code">
          <div className="stack" data-gap="tight">
            {commands.install !== undefined && (
              <>
                <h3>Paste this at the robot</h3>
                <Command text={commands.install} />
                <p className="small">
                  It installs the robot’s program, enrolls it and starts it. By sudo it becomes a service of the machine.
                </p>
              </>
            )}
            <details className="stack" data-gap="tight" open={commands.install === undefined}>
              <summary>Where tether-robot is installed already</summary>
              <Command text={commands.enroll} />
              <Command text={commands.run} />
            </details>
            <p className="small number">The code is good for another {countdown(code.expiresAt, now)}.</p>
          </div>
          <Qr text={code.code} />
        </div>
      )}
      {isOver && <Note tone="warn">The code is over. Nobody can use it any more; make another one.</Note>}
      <div>
        <Button {...(!(code && !isOver) && { kind: "main" })} isBusy={isBusy} onClick={() => void make()}>
          {code ? "Make another code" : "Make a code"}
        </Button>
      </div>
    </section>
  );
}

function Command({ text }: { text: string }) {
  return (
    <div className="command">
      <code>{text}</code>
      <Copy text={text} label="Copy" />
    </div>
  );
}

function Qr({ text }: { text: string }) {
  const { data, size } = encode(text, { border: 2 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return (
    <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label="The code as a QR code" shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
