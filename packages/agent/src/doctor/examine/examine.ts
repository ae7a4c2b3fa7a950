import type { ChildProcess } from "node:child_process";
import type { Clock } from "@tether/sdk/clock";
import { bad, type Finding } from "@tether/sdk/diagnosis/finding";
import { createLastWords } from "../../peer/native/last-words.ts";
import { launchNative } from "../../peer/native/launch.ts";
import type { Stack } from "../../peer/stack.ts";
import { checkPeer, type Order } from "./order.ts";

/** The time that a check has, in ms: longer than it waits for what does not come, so only a library that hangs takes it. */
export const examineMs = 60_000;

/** The answer of the process. */
export type FromExamine = { readonly finding: Finding } | { readonly unloaded: string };

/** Makes one check of peer connections with the stack that the robot would use. Never rejects. */
export type Examine = (order: Order) => Promise<Finding>;

type Env = { readonly clock: Clock; readonly launch?: () => ChildProcess };

/** Checks in a process like the one of the robot's peer connections, so that a native library that crashes is a finding. */
export function examineBy({ clock, launch = () => launchNative("examine") }: Env): Examine {
  return async ({ stack, ...check }) => {
    // No process is started where there is nothing to look at.
    const without = await checkPeer({ clock, PeerConnection: undefined }, check);
    if (without.result === "skipped") return without;
    const came = await answerOf({ clock, launch }, { stack, ...check });
    if ("finding" in came) return { ...came.finding, says: `${came.finding.says} ${tried(stack)}` };
    return bad({ ...came, says: `${came.says} ${tried(stack)}` });
  };
}

const tried = (stack: Stack) => `Tried with ${stack}, which carries this robot's peer connections.`;

type Failure = { readonly code: string; readonly says: string; readonly remedy: string };

const reinstall = "Install the agent anew, for this machine's own system and processor (docs/compatibility.md).";

function answerOf({ clock, launch }: Required<Env>, order: Order): Promise<{ readonly finding: Finding } | Failure> {
  return new Promise((resolve) => {
    let child: ChildProcess;
    const unstarted = (error: unknown) => {
      const reason = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
      resolve({
        code: "webrtc.unstarted",
        says: `The process for it could not be started${reason}.`,
        remedy: "Look at this machine's memory and its limit of processes.",
      });
    };
    try {
      child = launch();
    } catch (error) {
      return unstarted(error);
    }
    const lastWords = createLastWords();
    const cancel = clock.after(examineMs, () => {
      child.kill("SIGKILL");
      resolve({ code: "webrtc.hung", says: `It did not end within ${examineMs / 1_000} s.`, remedy: reinstall });
    });
    child.once("error", unstarted);
    child.stderr?.on("data", lastWords.put).on("error", () => {});
    child.once("message", (message) => {
      const answer = message as FromExamine;
      if ("finding" in answer) resolve(answer);
      else resolve({ code: "webrtc.missing", says: `The library cannot be loaded (${answer.unloaded}).`, remedy: reinstall });
    });
    // Not "exit": the last lines of the process may come after it.
    child.once("close", (status, signal) => {
      cancel();
      const reason = lastWords.reason === undefined ? "" : ` (${lastWords.reason})`;
      resolve({
        code: "webrtc.crashed",
        says: `The process for it ended by ${signal ?? `status ${status}`}${reason}.`,
        remedy: `${reinstall} Nobody can be connected to this robot until then.`,
      });
    });
    // Where it could not be started its error is yet to come.
    if (child.pid !== undefined) child.send(order, () => {});
  });
}
