import * as z from "zod/mini";

/** A policy says what an end does after `bye`: connect at once, connect after a random wait, or stay away. */
export const Retry = z.object({
  policy: z.enum(["now", "backoff", "never"]),
  afterMs: z.int().check(z.nonnegative()),
});
export type Retry = z.infer<typeof Retry>;

type Row = { close: number; retry: Retry["policy"]; says: string; remedy: string };

/**
 * Why a session went away or ended. `close` 4000–4499 means reconnect, 4500–4999 final; `bye`, `peer.away`,
 * `peer.ended`, the timeline and the history all take their words from here.
 */
export const causes = {
  "client.left": { close: 4500, retry: "never", says: "The operator left.", remedy: "Attach again to go on." },
  "robot.left": { close: 4501, retry: "never", says: "The robot signed off.", remedy: "Start the robot's agent to bring it back." },
  "connection.closed": {
    close: 4000,
    retry: "now",
    says: "That side closed its connection without signing off.",
    remedy: "It may come back until its grace ends; a page that reloads does so by itself.",
  },
  "connection.lost": {
    close: 4001,
    retry: "backoff",
    says: "The connection broke.",
    remedy: "The SDK reconnects by itself; if it does not, look at the network on that side.",
  },
  "gateway.idle": {
    close: 4002,
    retry: "now",
    says: "The gateway closed a connection that had been silent for 10 minutes.",
    remedy: "Use an SDK that sends keepalives.",
  },
  "gateway.cap": {
    close: 4003,
    retry: "now",
    says: "The gateway closed a connection that had lived for 2 hours.",
    remedy: "Use an SDK that hands over before the cap.",
  },
  "opening.lapsed": {
    close: 4004,
    retry: "now",
    says: "The connection opened but never said hello.",
    remedy: "Send hello within 30 seconds of connecting.",
  },
  "auth.expired": {
    close: 4005,
    retry: "now",
    says: "The lease ran out and was not renewed.",
    remedy: "Connect again with a fresh ticket; sign in again if none is given.",
  },
  superseded: {
    close: 4502,
    retry: "never",
    says: "A newer connection of the same session took over.",
    remedy: "Use the newer one, or close it before you connect here again.",
  },
  "grace.over": {
    close: 4503,
    retry: "never",
    says: "The connection did not come back in time.",
    remedy: "Connect again; a new session begins.",
  },
  "robot.deleted": { close: 4504, retry: "never", says: "The robot was deleted.", remedy: "Ask an owner to create it again." },
  "grant.removed": {
    close: 4505,
    retry: "never",
    says: "The access to this robot was taken away.",
    remedy: "Ask an owner of the robot for access.",
  },
  "credential.revoked": {
    close: 4506,
    retry: "never",
    says: "The robot's key was revoked.",
    remedy: "Ask an owner for a new key or code for this robot.",
  },
  "user.revoked": {
    close: 4508,
    retry: "never",
    says: "The user was signed out everywhere.",
    remedy: "Sign in again.",
  },
  "admin.ended": {
    close: 4507,
    retry: "never",
    says: "The session was ended by someone who may.",
    remedy: "Ask the person named why, or attach again.",
  },
  "connection.flooded": {
    close: 4006,
    retry: "backoff",
    says: "That side sent more frames than one connection may, and was cut off.",
    remedy: "Find what sends without end there; an SDK stays far below the limit.",
  },
  "gateway.closed": {
    close: 4007,
    retry: "now",
    says: "The gateway closed the connection before its time.",
    remedy: "Nothing need be done: it does so where it is replaced, and the SDK reconnects at once.",
  },
  "robot.moved": {
    close: 4008,
    retry: "now",
    says: "The robot moved to another part of the service, and its connections with it.",
    remedy: "Nothing need be done: the SDK reconnects, and the session goes on.",
  },
  "driver.ended": {
    close: 4509,
    retry: "never",
    says: "The robot's driver ended, and nobody had asked it to.",
    remedy:
      "Look at the driver's own log and, where SIGKILL ended it, at the memory of the robot's machine; the robot's service starts both again.",
  },
  "driver.hung": {
    close: 4510,
    retry: "never",
    says: "The robot's driver did not answer in time.",
    remedy: "Look at the driver's own log; where it was ended, the robot's service starts both again.",
  },
  "driver.flooded": {
    close: 4511,
    retry: "never",
    says: "The robot's driver wrote more than can be read, and was ended.",
    remedy: "Look at what the driver writes on its standard output and error.",
  },
  "driver.looping": {
    close: 4512,
    retry: "never",
    says: "The robot's driver keeps ending soon after its start.",
    remedy: "Run the driver by hand on the robot, and look at what it says.",
  },
  "agent.hung": {
    close: 4513,
    retry: "never",
    says: "The robot's agent did not get to run for a while, so the robot was stopped.",
    remedy: "Look at the load and the memory of the robot's machine.",
  },
  "agent.crashed": {
    close: 4514,
    retry: "never",
    says: "The robot's agent ended by an error of its own; the robot was stopped.",
    remedy: "Look at the agent's log for the error, and report it.",
  },
  "agent.killed": {
    close: 4515,
    retry: "never",
    says: "The robot's agent was ended before it could sign off: it was killed, or the machine's memory ran out; the robot was stopped.",
    remedy: "Look at the machine's log for who ended it.",
  },
  "power.lost": {
    close: 4516,
    retry: "never",
    says: "The robot's machine was started anew before its agent could sign off: the power went, or it was reset.",
    remedy: "Look at the robot's battery, its cable, and its machine's log.",
  },
  "agent.updated": {
    close: 4519,
    retry: "never",
    says: "The robot's agent was stopped, and another version of it was started.",
    remedy: "Nothing need be done; if the robot is not back soon, look at the log of its service.",
  },
  "place.taken": {
    close: 4517,
    retry: "never",
    says: "The robot has a limited number of places, and someone with more rights, or who was there before, has this one.",
    remedy: "Attach again when somebody has left.",
  },
  "driver.none": {
    close: 4518,
    retry: "never",
    says: "The robot's agent runs without a driver, so nobody can drive it.",
    remedy: "Start the agent with one: tether-robot run --driver simulated, or --driver and a program of your own.",
  },
} as const satisfies Record<string, Row>;

export type Cause = keyof typeof causes;
/** The name of a cause, as this version knows them: a key of `causes`. What is read from a wire may name others (`OpenCode`). */
export const Cause = /* @__PURE__ */ (() => z.enum(Object.keys(causes) as [Cause, ...Cause[]]))();
