import { routes } from "@tether/sdk/api";
import { useCallback, useState } from "react";
import { useLoaded } from "../api/load.ts";
import { Button } from "../component/button.tsx";
import { Confirm } from "../component/confirm.tsx";
import { FailureNote, Note } from "../component/note.tsx";
import { Page, Skeleton } from "../component/page.tsx";
import { takeKept } from "../drive/kept-session.ts";
import { useServices } from "../services.ts";

export function AccountPage() {
  const { api, identity, config } = useServices();
  const me = useLoaded(useCallback((signal) => api.call(routes.getMe, { signal }), [api]));
  const [isLeaving, setLeaving] = useState(false);
  const [isKept, setKept] = useState(false);
  const leave = async () => {
    setLeaving(true);
    // Nobody will resume these sessions, so they end now: another operator need not wait for their grace.
    const ends = takeKept().map(({ robot, session }) => api.call(routes.endSession, { params: { robot, session }, body: {} }));
    await Promise.all(ends);
    await identity.signOut().catch(() => setLeaving(false));
  };
  return (
    <Page title="Your account">
      {me.failure && <FailureNote failure={me.failure} retry={me.reload} />}
      {me.isLoading && <Skeleton lines={1} />}
      {me.value && (
        <dl className="facts card">
          <dt>Name</dt>
          <dd>{me.value.name ?? "Not told"}</dd>
          <dt>E-mail</dt>
          <dd>{me.value.email ?? "Not told, or not verified"}</dd>
          <dt>Groups</dt>
          <dd>{me.value.groups.length === 0 ? "None" : me.value.groups.join(", ")}</dd>
          <dt>Id</dt>
          <dd>
            <code>{me.value.id}</code>
          </dd>
        </dl>
      )}
      <section className="stack" data-gap="tight">
        <h2>This browser</h2>
        <p className="quiet">
          Signing out forgets you in this tab and ends the sessions you have in it. Those you have open elsewhere go on.
        </p>
        <div>
          <Button isBusy={isLeaving} onClick={() => void leave()}>
            Sign out
          </Button>
        </div>
      </section>
      <section className="stack" data-gap="tight">
        <h2>Everywhere</h2>
        <p className="quiet">
          Ends every session you have on any robot, makes every token that was given to you until now void, and signs you out in every
          browser and terminal.
        </p>
        {isKept && (
          <Note tone="warn">
            <p>
              Your sessions are ended and your tokens void. Who you are signed in as at {new URL(config.identity.issuer).host} is not for
              Tether to end: sign out there too, or other browsers get in again with it.
            </p>
          </Note>
        )}
        <div>
          <Confirm
            label="Sign out everywhere"
            title="Sign out everywhere?"
            act={async () => {
              if (!me.value) return me.failure;
              const result = await api.call(routes.revokeUser, { query: { sub: me.value.id } });
              if ("failure" in result) return result.failure;
              if (result.value.signIns === "kept") setKept(true);
              else void leave();
              return undefined;
            }}
          >
            <p>If you are driving a robot now, it stops.</p>
          </Confirm>
        </div>
      </section>
    </Page>
  );
}
