import { routes } from "@tether/sdk/api";
import type { TokenCallback } from "@tether/sdk/client";
import { platform } from "@tether/sdk/platform";
import { type ReactNode, useCallback, useMemo, useRef } from "react";
import { openApi } from "../api/api.ts";
import { useLoaded } from "../api/load.ts";
import { FailureNote, Note } from "../component/note.tsx";
import { Skeleton } from "../component/page.tsx";
import { DriveView as Drive } from "../drive/drive-view.tsx";
import { type Services, ServicesContext, useServices } from "../services.ts";
import { useIsFirstView } from "./first-view.ts";

/** The properties of the drive page: the service, the robot, and who drives. */
export type DriveViewProps = {
  /** The API's address, e.g. `https://api.example.org`. Its owner lets your origin in: `TETHER_CORS_ORIGINS`. */
  readonly api: string;
  /** The robot's id, `rob_` and a ULID. */
  readonly robot: string;
  /** Gives the ID token of the person who is signed in to your application. `fresh`: the last one was refused as expired. */
  readonly token: TokenCallback;
  /** Called where the person has to sign in again. Default: nothing is offered but to try again. */
  readonly signIn?: (() => void) | undefined;
  /** Shown where this robot is no longer theirs to see, e.g. a link to the others. Default: nothing. */
  readonly elsewhere?: ReactNode;
};

/**
 * The drive page of the console within an application of yours: the picture, control, joystick, keyboard and gamepad, STOP, and the words for
 * whatever is wrong. STOP is fixed to the lower edge of the window, wherever this is placed. Import `@tether/console/drive.css` beside it; a
 * theme sets its variables (`--accent`, `--surface` …) on `.tether-drive`. A failure never throws; it is shown with its remedy. Of several on
 * one page the first is shown, and the others say so: STOP and the keys are one robot's.
 *
 * @example
 * <DriveView api="https://api.example.org" robot={robot} token={async () => (await auth.session()).idToken} />
 */
export function DriveView({ api, robot, token, signIn, elsewhere }: DriveViewProps): ReactNode {
  // A callback that is another at each drawing must not close the session.
  const latest = useRef({ token, signIn });
  latest.current = { token, signIn };
  const isFirst = useIsFirstView();
  const services = useMemo<Services>(() => {
    const identity = {
      ...nobody,
      token: (fresh = false) => latest.current.token({ fresh }),
      signIn: async () => latest.current.signIn?.(),
    };
    const config = { api, identity: { issuer: "", clientId: "", scope: "" } };
    return { platform, config, identity, api: openApi({ fetch: platform.fetch, origin: api, token: identity.token }) };
  }, [api]);
  return (
    <ServicesContext value={services}>
      <div className="tether-drive">
        <div className="page">
          {isFirst && <Loaded key={robot} robot={robot} elsewhere={elsewhere} />}
          {isFirst === false && (
            <Note tone="warn">
              <strong>Another robot is shown on this page.</strong>
              <p>STOP and the keys are that robot's. Close it first.</p>
            </Note>
          )}
        </div>
      </div>
    </ServicesContext>
  );
}

/** The application knows who is signed in; nothing here asks for more than the token. */
const nobody = { state: () => ({ person: undefined }), subscribe: () => () => {}, life: () => undefined, signOut: async () => {} };

function Loaded({ robot: id, elsewhere }: { robot: string; elsewhere: ReactNode }) {
  const { api } = useServices();
  const robot = useLoaded(useCallback((signal) => api.call(routes.getRobot, { params: { robot: id }, signal }), [api, id]));
  if (robot.value) return <Drive robot={robot.value} changed={robot.reload} elsewhere={elsewhere} />;
  return (
    <>
      {robot.failure && <FailureNote failure={robot.failure} retry={robot.reload} />}
      {robot.failure && elsewhere}
      {robot.isLoading && <Skeleton />}
    </>
  );
}
