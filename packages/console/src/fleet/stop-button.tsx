import type { Robot } from "@tether/protocol/http";
import { routes } from "@tether/sdk/api";
import { base64url } from "@tether/sdk/base64url";
import { useState } from "react";
import type { Failure } from "../api/failure.ts";
import { Button } from "../component/button.tsx";
import { FailureNote } from "../component/note.tsx";
import { useServices } from "../services.ts";

type Press = { readonly state: "ready" | "sending" | "delivered" } | { readonly state: "failed"; readonly failure: Failure };

/** Stops a robot without attaching to it, at the first press: a question would cost the time that matters. */
export function StopButton({ robot, about }: { robot: Pick<Robot, "id" | "name">; about: string }) {
  const { api, platform } = useServices();
  const [press, setPress] = useState<Press>({ state: "ready" });
  const stop = async () => {
    setPress({ state: "sending" });
    const key = base64url(platform.random.bytes(16));
    const stopped = await api.call(routes.stopRobot, { params: { robot: robot.id }, body: { key } });
    setPress("failure" in stopped ? { state: "failed", failure: stopped.failure } : { state: "delivered" });
  };
  return (
    <>
      {/* A press is never refused for one that is under way: that one may hang. */}
      <Button kind="danger" size="small" aria-label={`STOP ${robot.name}`} aria-describedby={about} onClick={() => void stop()}>
        STOP
      </Button>
      <p className="small stop-word" role="status">
        {press.state === "sending" && "STOP is sent …"}
        {press.state === "delivered" && "STOP is delivered to the robot. See that it stands."}
      </p>
      {press.state === "failed" && <FailureNote failure={press.failure} retry={() => void stop()} />}
    </>
  );
}
