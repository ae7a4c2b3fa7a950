import type { Credential } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { routes } from "@tether/sdk/api";
import { useState } from "react";
import { Badge } from "../component/badge.tsx";
import { Confirm } from "../component/confirm.tsx";
import type { Tone } from "../component/tone.ts";
import { duration } from "../format/duration.ts";
import { dayOf, instant } from "../format/instant.ts";
import { useNow } from "../format/use-now.ts";
import { useServices } from "../services.ts";
import { type Successors, successorsBeside } from "./successors.ts";

const states: Readonly<Record<Credential["state"], { word: string; tone: Tone }>> = {
  pending: { word: "Announced", tone: "warn" },
  active: { word: "In use", tone: "good" },
  retiring: { word: "Being replaced", tone: "warn" },
  retired: { word: "Retired", tone: "quiet" },
  revoked: { word: "Revoked", tone: "bad" },
};

/** A robot's keys: which is in use, how old it is, when it is replaced, and when it last proved itself. */
export function Keys({ robot, credentials, changed }: { robot: RobotId; credentials: readonly Credential[]; changed: () => void }) {
  const now = useNow(60_000);
  if (credentials.length === 0) return null;
  return (
    <section className="stack" aria-labelledby="keys">
      <h2 id="keys">Keys</h2>
      <ul className="fleet">
        {credentials.map((credential) => (
          <li key={credential.kid} className="card stack" data-gap="tight">
            <div className="row" data-spread>
              <Badge tone={states[credential.state].tone}>{states[credential.state].word}</Badge>
              {(credential.state === "active" || credential.state === "retiring" || credential.state === "pending") && (
                <Revoke
                  robot={robot}
                  credential={credential}
                  successors={successorsBeside(credentials, credential.kid)}
                  changed={changed}
                />
              )}
            </div>
            <code className="small">{credential.kid}</code>
            <dl className="facts small">
              <dt>Registered</dt>
              <dd>
                {instant(credential.registeredAt)}, {duration(Math.max(0, now - credential.registeredAt))} ago
              </dd>
              <dt>Last proved</dt>
              <dd>{credential.lastProvedAt === undefined ? "Never" : `${instant(credential.lastProvedAt)}, to the hour`}</dd>
              {credential.state === "active" && credential.activatedAt !== undefined && (
                <>
                  <dt>Replaced</dt>
                  <dd>by the robot itself from {dayOf(credential.activatedAt + limits.credential.rotateAfterMs)} on</dd>
                </>
              )}
              {credential.state === "retiring" && credential.retiresAt !== undefined && (
                <>
                  <dt>Taken until</dt>
                  <dd>{instant(credential.retiresAt)}</dd>
                </>
              )}
            </dl>
          </li>
        ))}
      </ul>
    </section>
  );
}

type RevokeProps = { robot: RobotId; credential: Credential; successors: Successors | undefined; changed: () => void };

function Revoke({ robot, credential, successors, changed }: RevokeProps) {
  const { api } = useServices();
  const [isLast, setLast] = useState(false);
  const [takes, setTakes] = useState(false);
  return (
    <Confirm
      size="small"
      label={isLast ? "Revoke, and lock the robot out" : "Revoke"}
      about={`key ${credential.kid.slice(0, 8)}`}
      title="Revoke this key?"
      act={async () => {
        const revoked = await api.call(routes.revokeCredential, {
          params: { robot, kid: credential.kid },
          query: { ...(isLast && { force: "true" }), ...(takes && successors && { successors: "true" }) },
        });
        const failure = "failure" in revoked ? revoked.failure : undefined;
        setLast(failure?.code === "credential.last");
        if (!failure) changed();
        return failure;
      }}
    >
      <p>Sessions that stand on it end at once. It can never be used again.</p>
      {successors && (
        <>
          <p>{successors.says}</p>
          <ul>
            {successors.keys.map(({ kid, state, registeredAt }) => (
              <li key={kid}>
                <code className="small">{kid}</code>, {states[state].word.toLowerCase()}, since {instant(registeredAt)}
              </li>
            ))}
          </ul>
          <label className="row" data-tight>
            <input
              type="checkbox"
              checked={takes}
              onChange={({ target }) => {
                setTakes(target.checked);
                setLast(false);
              }}
            />
            {successors.choice}
          </label>
        </>
      )}
    </Confirm>
  );
}
