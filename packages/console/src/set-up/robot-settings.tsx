import type { Robot } from "@tether/protocol/http";
import { routes } from "@tether/sdk/api";
import { type FormEvent, useState } from "react";
import type { Failure } from "../api/failure.ts";
import { Button } from "../component/button.tsx";
import { Confirm } from "../component/confirm.tsx";
import { Field } from "../component/field.tsx";
import { FailureNote } from "../component/note.tsx";
import { go } from "../route/location.ts";
import { pathOf } from "../route/route.ts";
import { useServices } from "../services.ts";

/** The robot's name, and its end. */
export function RobotSettings({ robot, changed }: { robot: Robot; changed: () => void }) {
  const { api } = useServices();
  const [name, setName] = useState(robot.name);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    const result = await api.call(routes.changeRobot, { params: { robot: robot.id }, body: { name } });
    setBusy(false);
    setFailure("failure" in result ? result.failure : undefined);
    if ("value" in result) changed();
  };
  return (
    <section className="stack" aria-labelledby="settings">
      <h2 id="settings">Settings</h2>
      {failure && <FailureNote failure={failure} />}
      <form className="form-row" onSubmit={(event) => void save(event)}>
        <Field label="Name" required maxLength={80} value={name} autoComplete="off" onChange={({ target }) => setName(target.value)} />
        <Button type="submit" isBusy={isBusy}>
          Save
        </Button>
      </form>
      <div>
        <Confirm
          label="Delete this robot"
          title={`Delete ${robot.name}?`}
          act={async () => {
            const deleted = await api.call(routes.deleteRobot, { params: { robot: robot.id } });
            if ("failure" in deleted) return deleted.failure;
            go(pathOf({ page: "fleet" }));
            return undefined;
          }}
        >
          <p>Its sessions end at once, and its keys are void. This cannot be undone.</p>
        </Confirm>
      </div>
    </section>
  );
}
