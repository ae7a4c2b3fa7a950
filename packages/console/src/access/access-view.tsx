import type { Grant } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { Role, roles } from "@tether/protocol/role";
import { routes } from "@tether/sdk/api";
import { type FormEvent, useCallback, useState } from "react";
import type { Failure } from "../api/failure.ts";
import { useLoaded } from "../api/load.ts";
import { Button } from "../component/button.tsx";
import { Confirm } from "../component/confirm.tsx";
import { Choice, Field } from "../component/field.tsx";
import { FailureNote } from "../component/note.tsx";
import { Skeleton } from "../component/page.tsx";
import { near } from "../format/instant.ts";
import { roleWords } from "../format/role.ts";
import { useNow } from "../format/use-now.ts";
import { useServices } from "../services.ts";
import { granteeOf, nameOf } from "./grantee.ts";
import { RevokeUser } from "./revoke-user.tsx";

/** The roles of users on the robot, and how to give and take them. */
export function AccessView({ robot }: { robot: RobotId }) {
  const { api, identity } = useServices();
  const grants = useLoaded(
    useCallback((signal) => api.list(routes.listGrants, { params: { robot }, signal }, { pages: 20 }), [api, robot]),
  );
  return (
    <div className="stack" data-gap="wide">
      <Give robot={robot} changed={grants.reload} />
      {grants.failure && <FailureNote failure={grants.failure} retry={grants.reload} />}
      {grants.isLoading && <Skeleton />}
      {grants.value && <Grants robot={robot} grants={grants.value} changed={grants.reload} />}
      {identity.state().person?.isAdmin && <RevokeUser robot={robot} />}
    </div>
  );
}

function Give({ robot, changed }: { robot: RobotId; changed: () => void }) {
  const { api } = useServices();
  const [to, setTo] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [said, setSaid] = useState("");
  const give = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    const result = await api.call(routes.assignGrant, { params: { robot }, body: { to: granteeOf(to), role } });
    setBusy(false);
    setFailure("failure" in result ? result.failure : undefined);
    if ("failure" in result) return;
    setSaid(`${nameOf(result.value.to)} is ${roleWords[role].name.toLowerCase()} now.`);
    setTo("");
    changed();
  };
  return (
    <section className="stack" aria-labelledby="give">
      <h2 id="give">Let someone in</h2>
      {failure && <FailureNote failure={failure} />}
      <form className="form-row" onSubmit={(event) => void give(event)}>
        <Field label="E-mail address" required value={to} autoComplete="off" onChange={({ target }) => setTo(target.value)} />
        <Choice label="Role" value={role} onChange={({ target }) => setRole(Role.parse(target.value))}>
          {roles.map((known) => (
            <option key={known} value={known}>
              {roleWords[known].name}
            </option>
          ))}
        </Choice>
        <Button kind="main" type="submit" isBusy={isBusy}>
          Let in
        </Button>
      </form>
      <p className="small quiet">
        {roleWords[role].name}: {roleWords[role].may}.
      </p>
      <p role="status" className="small">
        {said}
      </p>
    </section>
  );
}

function Grants({ robot, grants, changed }: { robot: RobotId; grants: readonly Grant[]; changed: () => void }) {
  const { api, identity } = useServices();
  const now = useNow(60_000);
  const me = identity.state().person;
  return (
    <section className="stack" aria-labelledby="grants">
      <h2 id="grants">Who may do what</h2>
      <ul className="stack">
        {grants.map((grant) => (
          <li key={grant.to} className="card row" data-spread>
            <div>
              <h3>{nameOf(grant.to, me)}</h3>
              <p className="small quiet">
                {roleWords[grant.role].name}: {roleWords[grant.role].may}. Since {near(grant.givenAt, now)}.
              </p>
            </div>
            <Confirm
              size="small"
              label="Take away"
              about={nameOf(grant.to, me)}
              title={`Take the access of ${nameOf(grant.to, me)} away?`}
              act={async () => {
                const taken = await api.call(routes.revokeGrant, { params: { robot }, query: { to: grant.to } });
                if ("failure" in taken) return taken.failure;
                changed();
                return undefined;
              }}
            >
              <p>Sessions that stand on it end at once; who drives stops.</p>
            </Confirm>
          </li>
        ))}
      </ul>
    </section>
  );
}
