import type { Session, UserRevoked } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { routes } from "@tether/sdk/api";
import { useCallback, useState } from "react";
import { useLoaded } from "../api/load.ts";
import { Confirm } from "../component/confirm.tsx";
import { FailureNote } from "../component/note.tsx";
import { useServices } from "../services.ts";

type User = NonNullable<Session["user"]>;

/** Lets an admin sign a user who was on this robot out everywhere. */
export function RevokeUser({ robot }: { robot: RobotId }) {
  const { api } = useServices();
  const sessions = useLoaded(useCallback((signal) => api.call(routes.listSessions, { params: { robot }, signal }), [api, robot]));
  const [said, setSaid] = useState("");
  const users = new Map<string, User>();
  for (const { user } of sessions.value?.items ?? []) if (user && !users.has(user.id)) users.set(user.id, user);
  return (
    <section className="stack" aria-labelledby="revoke">
      <h2 id="revoke">Sign someone out everywhere</h2>
      <p className="quiet">As an admin you may end all sessions of a user on every robot, and make all tokens of theirs void.</p>
      {sessions.failure && <FailureNote failure={sessions.failure} retry={sessions.reload} />}
      {sessions.value && users.size === 0 && <p>Nobody was on this robot lately.</p>}
      <ul className="stack">
        {[...users.values()].map((user) => (
          <li key={user.id} className="card row" data-spread>
            <h3>{user.name ?? user.id}</h3>
            <Confirm
              size="small"
              label="Sign out everywhere"
              about={user.name ?? user.id}
              title={`Sign ${user.name ?? user.id} out everywhere?`}
              act={async () => {
                const result = await api.call(routes.revokeUser, { query: { sub: user.id } });
                if ("failure" in result) return result.failure;
                setSaid(ended(user.name ?? user.id, result.value));
                return undefined;
              }}
            >
              <p>All sessions and sign-ins of theirs end now. They can sign in again unless their account is closed as well.</p>
            </Confirm>
          </li>
        ))}
      </ul>
      <p role="status" className="small">
        {said}
      </p>
    </section>
  );
}

function ended(name: string, { signIns }: UserRevoked): string {
  if (signIns === "ended") return `${name} is signed out everywhere.`;
  return `The sessions of ${name} are ended. The sign-in at the identity provider is not for Tether to end: close it there, or it lets them in again.`;
}
