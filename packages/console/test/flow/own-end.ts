import { offer } from "@tether/protocol/subprotocol";

/** Attaches as an end of someone's own making might: says hello, and then these frames. Calling what it returns lets go. */
export async function say(
  { api, robot, token }: { api: string; robot: string; token: string },
  ...frames: readonly (object | string)[]
): Promise<() => void> {
  const response = await fetch(`${api}/v1/tickets/client`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ robot }),
  });
  const { url, ticket } = (await response.json()) as { url: string; ticket: string };
  const socket = new WebSocket(url, offer(ticket));
  socket.onopen = () => socket.send(JSON.stringify({ type: "hello", protocol: 1, features: [], instance: "ins_aaaaaaaa", received: {} }));
  await new Promise((resolve) => {
    socket.onmessage = resolve;
  });
  for (const frame of frames) socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  return () => socket.close();
}
