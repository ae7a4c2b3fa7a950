import { SessionId } from "@tether/protocol/id";

/** A signal's position in its stream. A problem names nothing but the refused frame's id, so the id must hold the position. F4 */
type Position = { readonly to: SessionId; readonly stream: number; readonly seq: number };

/** At most 64 characters: a session's id is 30, a stream's number and a position in it are far from their 16 digits. */
export function idOf({ to, stream, seq }: Position): string {
  return `${to}.${stream}.${seq}`;
}

export function positionIn(id: string | undefined): Position | undefined {
  const [to, stream, seq] = id?.split(".") ?? [];
  const session = SessionId.safeParse(to);
  return session.success ? { to: session.data, stream: Number(stream), seq: Number(seq) } : undefined;
}
