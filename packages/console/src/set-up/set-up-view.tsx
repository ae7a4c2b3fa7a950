import type { Credential, Robot, Session } from "@tether/protocol/http";
import { routes } from "@tether/sdk/api";
import { useCallback } from "react";
import type { Result } from "../api/failure.ts";
import { useLoaded } from "../api/load.ts";
import { FailureNote } from "../component/note.tsx";
import { Skeleton } from "../component/page.tsx";
import { Link } from "../route/link.tsx";
import { useServices } from "../services.ts";
import { CodePanel } from "./code-panel.tsx";
import { Keys } from "./keys.tsx";
import { RobotSettings } from "./robot-settings.tsx";
import { stepsOf } from "./step.ts";

const everyMs = 2_500;

type Facts = { credentials: readonly Credential[]; sessions: readonly Session[] };

/** The steps from a name to a robot that is online; the page follows them by itself. */
export function SetUpView({ robot, changed }: { robot: Robot; changed: () => void }) {
  const { api } = useServices();
  const load = useCallback(
    async (signal: AbortSignal): Promise<Result<Facts>> => {
      const [credentials, sessions] = await Promise.all([
        api.call(routes.listCredentials, { params: { robot: robot.id }, signal }),
        api.call(routes.listSessions, { params: { robot: robot.id }, signal }),
      ]);
      if ("failure" in credentials) return credentials;
      if ("failure" in sessions) return sessions;
      return { value: { credentials: credentials.value.items, sessions: sessions.value.items } };
    },
    [api, robot.id],
  );
  const facts = useLoaded(load, everyMs);
  const steps = facts.value && stepsOf(facts.value.credentials, facts.value.sessions);
  return (
    <div className="stack" data-gap="wide">
      {facts.failure && <FailureNote failure={facts.failure} retry={facts.reload} />}
      {facts.isLoading && <Skeleton />}
      {steps && (
        <section className="stack" aria-labelledby="progress">
          <h2 id="progress">How far it is</h2>
          <ol className="steps" aria-live="polite">
            {steps.map(({ id, isDone, title, says }, index) => (
              <li key={id} data-done={isDone || undefined}>
                <span className="sign" aria-hidden="true">
                  {isDone ? "✓" : index + 1}
                </span>
                <div>
                  <h3>
                    {title}
                    <span className="hidden">{isDone ? " (done)" : " (to do)"}</span>
                  </h3>
                  <p className="small quiet">{says}</p>
                </div>
              </li>
            ))}
          </ol>
          {steps.every(({ isDone }) => isDone) && (
            <div>
              <Link to={{ page: "drive", robot: robot.id }} kind="main">
                Test drive
              </Link>
            </div>
          )}
        </section>
      )}
      {facts.value && <CodePanel robot={robot.id} hasKey={steps?.[0]?.isDone === true} />}
      {facts.value && <Keys robot={robot.id} credentials={facts.value.credentials} changed={facts.reload} />}
      <RobotSettings robot={robot} changed={changed} />
    </div>
  );
}
