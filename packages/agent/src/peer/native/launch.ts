import { type ChildProcess, spawn } from "node:child_process";
import { argumentsOf } from "../../entry.ts";

/** Starts a process that loads a native library of WebRTC, which may crash. */
export function launchNative(part: "media" | "examine"): ChildProcess {
  return spawn(process.execPath, [...argumentsOf(part)], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // A terminal's signals are for the agent, which ends this process when the robot stands.
    detached: process.platform !== "win32",
    windowsHide: true,
  });
}
