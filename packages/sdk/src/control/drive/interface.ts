import type { Control, ControlPolicy } from "@tether/protocol/control";
import type { Declaration } from "@tether/protocol/declaration";
import type { ClientSessionId } from "@tether/protocol/id";
import type { Emitter } from "../../session/emitter.ts";
import type { Channels, Joins } from "../channel.ts";
import type { Block } from "./block.ts";
import type { Ways } from "./drive-link.ts";
import type { DriveEvents } from "./events.ts";
import type { Looking, Seen } from "./pictures.ts";
import type { StopInForce } from "./stop-in-force.ts";

/**
 * Control of the robot, for an operator: `session.control` of `attach`, once it joined the peer connections by `follow`.
 *
 * @example
 * session.control.on("drive", ({ canDrive, why }) => console.log(canDrive, why && blocks[why].remedy));
 * session.control.request();
 * setInterval(() => session.control.command({ linear: 0.2, angular: 0 }), 50);
 */
export interface Drive extends Joins, Pick<Emitter<DriveEvents>, "on"> {
  /** Asks to drive: granted at once where control is free, else its holder is asked. */
  request(): void;
  /** Asks no more. The holder is not told, and what it already gave is not given back. */
  cancel(): void;
  /** Whether a request waits for its answer. */
  readonly asking: boolean;
  /** Takes control from its holder, who is told who and why. */
  take(reason: string): void;
  /** Gives control back: nobody has it then. */
  release(): void;
  /** Hands control to who asked, or to any operator that is online. */
  give(to: ClientSessionId): void;
  /** Refuses who asked for control, and says why. */
  deny(to: ClientSessionId, reason?: string): void;
  /**
   * Stops the robot over every way there is. Anyone may. Answers which ways there were; over the channel the robot answers with
   * `stopped`, from the broker a `problem` comes where it could not be told.
   */
  stop(reason?: string): Ways;
  /** Drives on after a stop that someone ordered. */
  resume(): void;
  /**
   * Sends a command, JSON of the driver's own. Answers why not where it was not sent: `busy` where the one before has not left
   * yet; commands are never kept, as only the newest counts. `undeclared`: it names what the robot did not declare.
   */
  command(command: unknown, looking?: Looking): Block | "busy" | "undeclared" | undefined;
  /**
   * Presses a button that the robot declared, until what it returns is called, and for 300 ms at least. The commands sent meanwhile tell
   * of it; where none is sent, commands that move nothing are. `look` says which picture one looks at. Does nothing where one cannot drive.
   */
  press(button: string, look?: () => Looking): () => void;
  /** The robot's declaration of itself; undefined for one that made none. */
  readonly declaration: Declaration | undefined;
  /** When a picture was taken, in ms by the robot's clock; undefined where it did not say: the word of it may come after the picture. */
  takenAt(seen: Seen): number | undefined;
  /** How old a picture is that was taken at `takenAt`, by the robot's clock, in ms. Undefined until that clock is known. */
  ageMs(takenAt: number): number | undefined;
  /**
   * The blind time of a command that is sent now by who sees a picture taken at `takenAt`: how old the picture is, and half a round trip,
   * in ms. Undefined until the robot's clock is known.
   */
  blindMs(takenAt: number): number | undefined;
  readonly canDrive: boolean;
  /** Why this end cannot drive; `blocks` has words for it. */
  readonly why: Block | undefined;
  /** Undefined until the broker said. */
  readonly control: Control | undefined;
  readonly policy: ControlPolicy | undefined;
  /** How the channels with the robot stand. */
  readonly link: DriveEvents["link"]["state"];
  /** The stop that nobody resumed from yet, as far as the robot said. */
  readonly stopInForce: StopInForce | undefined;
  /** How the robot does, by its last word to this end while it drives. */
  readonly robot: DriveEvents["robot"] | undefined;
  /** Takes the channels with the robot. Calling what it returns gives them up. */
  open(channels: Channels): () => void;
}
