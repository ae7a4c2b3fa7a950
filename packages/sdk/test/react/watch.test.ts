import { expect, test } from "vitest";
import { watch } from "../../src/react/watch.ts";
import { createEmitter } from "../../src/session/emitter.ts";
import type { SessionEvents, Status } from "../../src/session/session.ts";

/** A session as far as it can be watched. */
function createRig() {
  const { on, emit } = createEmitter<SessionEvents>();
  const session = { on, status: "idle" as Status, peers: [] as never[] };
  const watched = watch(session);
  let changes = 0;
  watched.subscribe(() => changes++);
  return { session, emit, watched, changes: () => changes };
}

test("the view is the same value until something changes, and then another", () => {
  const { emit, watched, changes } = createRig();
  const before = watched.view();
  expect(watched.view()).toBe(before);
  emit("state", { status: "online" });
  expect(watched.view()).not.toBe(before);
  expect([before.status, watched.view().status, changes()]).toEqual(["idle", "online", 1]);
});

test("why a session waits is shown until it is online again", () => {
  const { emit, watched } = createRig();
  const why = { code: "network.failed", says: "…", remedy: "…" } as const;
  emit("state", { status: "waiting", why });
  expect(watched.view().why).toBe(why);
  emit("state", { status: "online" });
  expect(watched.view().why).toBeUndefined();
});

test.each(["peer.online", "peer.away", "peer.ended"] as const)("%s shows the peers there are then", (name) => {
  const { session, emit, watched } = createRig();
  const peers = [{ session: "rse_1" }] as never[];
  session.peers = peers;
  emit(name, {} as never);
  expect(watched.view().peers).toEqual(peers);
});

test("deadlines are shown as they were told last", () => {
  const { emit, watched } = createRig();
  emit("deadlines", { authExpiresAt: 5, connectionEndsAt: 6 });
  expect(watched.view().deadlines).toEqual({ authExpiresAt: 5, connectionEndsAt: 6 });
});

test("after stop nothing changes, and nobody is told", () => {
  const { emit, watched, changes } = createRig();
  watched.stop();
  emit("state", { status: "online" });
  expect([watched.view().status, changes()]).toEqual(["idle", 0]);
});
