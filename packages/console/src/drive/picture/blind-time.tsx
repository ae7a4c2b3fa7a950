import { useNow } from "../../format/use-now.ts";
import type { DriveSession } from "../drive-session.ts";
import { blindWords } from "./blind-words.ts";

const everyMs = 200;

/** The blind time, on the picture, for as long as there is one. A change of its level is read out, its value is not. */
export function BlindTime({ driveSession }: { readonly driveSession: DriveSession }) {
  useNow(everyMs);
  const { level, says, means } = blindWords(driveSession.blindMs(), driveSession.control.policy);
  return (
    <div className="blind-time small number" data-level={level}>
      <span>{says}</span>
      <span role="status">{means}</span>
    </div>
  );
}
