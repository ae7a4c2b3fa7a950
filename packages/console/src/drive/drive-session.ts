import type { ClientSessionId } from "@tether/protocol/id";
import { Undrivable } from "@tether/protocol/undrivable";
import type { ClientSession, Drive, Seen } from "@tether/sdk/client";
import type { Clock } from "@tether/sdk/clock";
import type { Cameras } from "@tether/sdk/peer/cameras";
import { follow } from "@tether/sdk/peer/follow";
import { type Happening, next } from "./facts.ts";
import { createPictureTime } from "./picture/picture-time.ts";
import { createShownMedia } from "./shown-media.ts";
import { initialSnapshot, type Snapshot, unseen } from "./snapshot.ts";
import { dueIn } from "./stop.ts";

/** Follows one session and its robot, and does what the person orders. */
export interface DriveSession {
  snapshot(): Snapshot;
  subscribe(changed: () => void): () => void;
  /** The time by the server's clock, in ms since the Unix epoch. */
  now(): number;
  readonly control: Drive;
  /** The robot's last telemetry, and when it came, by `now`. */
  telemetry(): { readonly value: unknown; readonly at: number } | undefined;
  measured(changed: () => void): () => void;
  /** A picture is shown. */
  shown(seen: Seen | undefined): void;
  /** Shows the camera of that name large, to drive by it. */
  lookThrough(camera: string): void;
  /** Whether the other cameras are shown as well; those that are not are not sent. */
  showOthers(areShown: boolean): void;
  /** Whether the robot is heard; until someone asks for it, it is not. */
  hear(isHeard: boolean): void;
  /** The cameras of this peer connection; undefined before there is one. */
  recordings(): Pick<Cameras<MediaStream>, "keep" | "onRecordings" | "fetch"> | undefined;
  /** When the picture that is shown was taken, by the server's clock; undefined where the robot did not say. */
  capturedAt(): number | undefined;
  /** How old the picture that is shown will be when a command sent now is there, in ms. */
  blindMs(): number | undefined;
  /** Sends a command of who looks at the picture that is shown. */
  command(command: unknown): ReturnType<Drive["command"]>;
  /** Presses a button that the robot declared; what it returns lets go of it. */
  press(button: string): () => void;
  request(): void;
  cancel(): void;
  release(): void;
  take(reason: string): void;
  give(to: ClientSessionId): void;
  deny(to: ClientSessionId, reason?: string): void;
  stop(): void;
  resume(): void;
  /** The news was read. */
  dismiss(): void;
  close(): void;
}

type Env = {
  readonly session: ClientSession;
  readonly clock: Clock;
  readonly connect: (configuration: RTCConfiguration) => RTCPeerConnection;
};

export function createDriveSession({ session, clock, connect }: Env): DriveSession {
  const { control } = session;
  const listeners = new Set<() => void>();
  const readers = new Set<() => void>();
  let snapshot = initialSnapshot;
  let telemetry: ReturnType<DriveSession["telemetry"]>;
  let disarm = () => {};
  const pictureTime = createPictureTime(control);
  const shown = createShownMedia({ clock, snapshot: () => snapshot, become, turned: pictureTime.clear });
  const now = () => session.serverTime ?? clock.now();

  function become(part: Partial<Snapshot>): void {
    snapshot = { ...snapshot, ...part };
    for (const changed of [...listeners]) changed();
  }

  function tell(happening: Happening): void {
    const { pc: _, picture: __, cameras: ___, declaration: ____, sound: _____, speaker: ______, ...facts } = snapshot;
    const after = next(facts, happening, now());
    const asking = control.asking;
    become(asking === after.asking ? after : next(after, { type: "asking", asking }, now()));
    arm();
  }

  /** Looks again when time makes a difference: to a stop that is not confirmed, or a request that nobody answered. */
  function arm(): void {
    disarm();
    const dues = snapshot.requests.map(({ answerBy }) => Math.max(0, answerBy - now()));
    const stopDue = dueIn(snapshot.stop);
    if (stopDue !== undefined) dues.push(stopDue);
    if (dues.length > 0) disarm = clock.after(Math.min(...dues), due);
  }

  function due(): void {
    tell({ type: "due" });
    if (snapshot.stop?.state === "waiting") order();
  }

  function order(): void {
    tell({ type: "stop", ways: control.stop() });
  }

  function meet(): RTCPeerConnection {
    const pc = connect({ iceServers: session.iceServers.map((server) => ({ ...server })) });
    const look = () => {
      if (snapshot.pc === pc) tell({ type: "path", path: pc.connectionState });
    };
    pc.addEventListener("connectionstatechange", look);
    shown.follow(pc);
    pc.addEventListener("track", ({ track, receiver, streams: [stream] }) => {
      // A late picture is worse for driving than an uneven one: https://w3c.github.io/webrtc-extensions/#dom-rtcrtpreceiver-jitterbuffertarget
      if (track.kind === "video" && "jitterBufferTarget" in receiver) receiver.jitterBufferTarget = 0;
      if (snapshot.pc === pc && track.kind === "video" && !snapshot.picture) become({ picture: stream ?? new MediaStream([track]) });
    });
    pictureTime.clear();
    become({ ...unseen, pc, path: pc.connectionState });
    return pc;
  }

  /** A peer connection that is closed from here tells nobody. */
  const part = () => become({ ...unseen, pc: undefined, path: "none" });

  const look = (why = snapshot.why) => tell({ type: "session", own: session.id, status: session.status, why, peers: session.peers });

  const offs = [
    session.on("state", ({ status, why }) => {
      tell({ type: "session", own: session.id, status, why, peers: session.peers });
      if (status !== "stopped") return;
      endFollowing();
      part();
    }),
    session.on("peer.online", () => look()),
    session.on("signal", ({ data }) => {
      if (data.kind === "app" && Undrivable.safeParse(data.body).success) tell({ type: "undrivable" });
    }),
    session.on("peer.away", (event) => tell({ type: "peer.away", event })),
    session.on("peer.ended", (event) => {
      tell({ type: "peer.ended", event });
      part();
    }),
    control.on("control", (event) => tell({ type: "control", event, policy: control.policy })),
    control.on("drive", (event) => tell({ type: "drive", event })),
    control.on("link", (event) => tell({ type: "link", event })),
    control.on("order", (event) => tell({ type: "order", event })),
    control.on("pressed", (event) => tell({ type: "pressed", event })),
    control.on("requested", (event) => tell({ type: "requested", event })),
    control.on("asked", (event) => tell({ type: "asked", event })),
    control.on("denied", (event) => tell({ type: "denied", event })),
    control.on("problem", (event) => tell({ type: "problem", event })),
    control.on("stopped", (event) => tell({ type: "stopped", event })),
    control.on("declaration", ({ declaration }) => become({ declaration })),
    control.on("telemetry", (value) => {
      telemetry = { value, at: now() };
      for (const changed of [...readers]) changed();
    }),
  ];
  const endFollowing = follow({ session, polite: true, connect: meet, control });
  look();
  tell({ type: "drive", event: { canDrive: control.canDrive, why: control.why } });
  if (control.control) {
    const event = { control: control.control, mine: control.control.holder?.session === session.id };
    tell({ type: "control", event, policy: control.policy });
  }

  const after =
    <Args extends readonly unknown[]>(act: (...args: Args) => void) =>
    (...args: Args) => {
      act(...args);
      tell({ type: "asking", asking: control.asking });
    };

  const answer = (act: (to: ClientSessionId, reason?: string) => void) => (to: ClientSessionId, reason?: string) => {
    act(to, reason);
    tell({ type: "answered", request: to });
  };

  const listen = (set: Set<() => void>) => (changed: () => void) => {
    set.add(changed);
    return () => void set.delete(changed);
  };

  return {
    snapshot: () => snapshot,
    subscribe: listen(listeners),
    now,
    control,
    telemetry: () => telemetry,
    measured: listen(readers),
    shown: pictureTime.shown,
    lookThrough: shown.lookThrough,
    showOthers: shown.showOthers,
    hear: shown.hear,
    recordings: shown.cameras,
    capturedAt() {
      const takenAt = pictureTime.takenAt();
      const ageMs = takenAt === undefined ? undefined : control.ageMs(takenAt);
      return ageMs === undefined ? undefined : now() - ageMs;
    },
    blindMs() {
      const takenAt = pictureTime.takenAt();
      return takenAt === undefined ? undefined : control.blindMs(takenAt);
    },
    command: (command) => control.command(command, { pictureAt: pictureTime.takenAt() }),
    press: (button) => control.press(button, () => ({ pictureAt: pictureTime.takenAt() })),
    request: after(control.request),
    cancel: after(control.cancel),
    release: after(control.release),
    take: after(control.take),
    give: answer(control.give),
    deny: answer(control.deny),
    stop: order,
    resume: control.resume,
    dismiss: () => tell({ type: "read" }),
    close() {
      disarm();
      for (const off of offs) off();
      endFollowing();
      listeners.clear();
      readers.clear();
    },
  };
}
