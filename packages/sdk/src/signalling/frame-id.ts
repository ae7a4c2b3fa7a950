import { SessionId } from "@tether/protocol/id";

/** Where a signal stands. A problem names nothing but the refused frame's id, so the id must tell. F4 */
type Place = { readonly to: SessionId; readonly stream: number; readonly seq: number };

/** At most 64 characters: a session's id is 30, a stream's number and a place in it are far from their 16 digits. */
export function idOf({ to, stream, seq }: Place): string {
  return `${to}.${stream}.${seq}`;
}

export function placeIn(id: string | undefined): Place | undefined {
  const [to, stream, seq] = id?.split(".") ?? [];
  const session = SessionId.safeParse(to);
  return session.success ? { to: session.data, stream: Number(stream), seq: Number(seq) } : undefined;
}
