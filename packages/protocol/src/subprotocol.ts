/** The subprotocol both ends speak; the only one the broker echoes. */
export const subprotocol = "tether.v1";

const ticketPrefix = "ticket.";

/** The values of `Sec-WebSocket-Protocol` with which an end offers its ticket (RFC 6455 §1.9). */
export function offer(ticket: string): [string, string] {
  return [subprotocol, ticketPrefix + ticket];
}

/** Reads the header's value. A ticket without `tether.v1` beside it is no offer. */
export function ticketIn(header: string | undefined): string | undefined {
  const offered = header?.split(",").map((value) => value.trim()) ?? [];
  if (!offered.includes(subprotocol)) return undefined;
  return offered.find((value) => value.startsWith(ticketPrefix) && value !== ticketPrefix)?.slice(ticketPrefix.length);
}
