import type { Actor } from "@tether/protocol/actor";
import type { Control } from "@tether/protocol/control";
import type { Session } from "@tether/protocol/http";
import { ClientSessionId } from "@tether/protocol/id";
import { atLeast, type Role } from "@tether/protocol/role";

/** Someone who is attached to the robot. */
export type Person = {
  readonly session: ClientSessionId;
  readonly name: string;
  readonly role: Role;
  readonly isSelf: boolean;
  readonly isAway: boolean;
  readonly drives: boolean;
  /** Whether control can be handed to this person. */
  readonly canDrive: boolean;
};

type Known = { readonly own: string | undefined; readonly control: Control | undefined };

/** The people attached now: oneself first, then the driver, then by name. */
export function peopleOf(sessions: readonly Session[], { own, control }: Known): Person[] {
  const people = sessions.flatMap(({ id, kind, state, user, monitors }): Person[] => {
    const session = ClientSessionId.safeParse(id);
    if (kind !== "client" || !session.success || !user || state === "ended" || state === "opening") return [];
    const isSelf = id === own;
    const drives = control?.holder?.session === id;
    // A page that watches the signals does not drive.
    const canDrive = !isSelf && state === "online" && !monitors && atLeast(user.role, "operator");
    const { id: subject, name = subject, role } = user;
    return [{ session: session.data, name, role, isSelf, isAway: state === "away", drives, canDrive }];
  });
  const rank = ({ isSelf, drives }: Person) => (isSelf ? 0 : drives ? 1 : 2);
  return people.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

export function holderName(control: Control | undefined): string | undefined {
  const user = control?.holder?.user;
  return user && (user.name ?? user.id);
}

export function actorName(actor: Actor | undefined): string {
  return actor?.type === "user" ? (actor.name ?? actor.id ?? "Someone") : "Tether";
}
