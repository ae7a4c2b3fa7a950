import type { RobotId } from "@tether/protocol/id";

const prefix = "tether.session.";

/** The place in this tab's storage of its session with a robot, so that a reload goes on with it. */
export function keepFor(robot: RobotId) {
  const key = prefix + robot;
  return {
    load: () => sessionStorage.getItem(key) ?? undefined,
    save: (id: string | undefined) => (id === undefined ? sessionStorage.removeItem(key) : sessionStorage.setItem(key, id)),
  };
}

/** Takes the sessions that this tab would go on with out of its storage. */
export function takeKept(): { readonly robot: string; readonly session: string }[] {
  const keys = Object.keys(sessionStorage).filter((key) => key.startsWith(prefix));
  return keys.map((key) => {
    const session = sessionStorage.getItem(key) ?? "";
    sessionStorage.removeItem(key);
    return { robot: key.slice(prefix.length), session };
  });
}
