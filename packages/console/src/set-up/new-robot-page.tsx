import { routes } from "@tether/sdk/api";
import { base64url } from "@tether/sdk/base64url";
import { type FormEvent, useState } from "react";
import type { Failure } from "../api/failure.ts";
import { Button } from "../component/button.tsx";
import { Field } from "../component/field.tsx";
import { FailureNote } from "../component/note.tsx";
import { Page } from "../component/page.tsx";
import { go } from "../route/location.ts";
import { pathOf } from "../route/route.ts";
import { useServices } from "../services.ts";

/** The first step of a set-up: the robot's name. */
export function NewRobotPage() {
  const { api, platform } = useServices();
  // The page's idempotency key: a form that is sent twice creates one robot.
  const [idempotencyKey] = useState(() => base64url(platform.random.bytes(16)));
  const [name, setName] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const create = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    const result = await api.call(routes.createRobot, { body: { name }, idempotencyKey });
    setBusy(false);
    if ("failure" in result) return setFailure(result.failure);
    go(pathOf({ page: "set-up", robot: result.value.id }));
  };
  return (
    <Page title="Set up a robot">
      <p>Give it a name by which people will find it. You will own it; whom else you let in is yours to say later.</p>
      <form className="stack" onSubmit={(event) => void create(event)}>
        {failure && <FailureNote failure={failure} />}
        <Field label="Name" required maxLength={80} value={name} autoComplete="off" onChange={({ target }) => setName(target.value)} />
        <div>
          <Button kind="main" type="submit" isBusy={isBusy}>
            Create the robot
          </Button>
        </div>
      </form>
    </Page>
  );
}
