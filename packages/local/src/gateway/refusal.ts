import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** A handshake that is not granted. `says` is API Gateway's own message. */
export type Refusal = { status: number; says: string };

const words: Record<number, string> = {
  401: "Unauthorized",
  403: "Forbidden",
  429: "Too Many Requests",
  500: "Internal server error",
  502: "Bad Gateway",
  504: "Endpoint request timed out",
};

export function refusal(status: number): Refusal {
  return { status, says: words[status] ?? STATUS_CODES[status] ?? "" };
}

export function refuse(socket: Duplex, { status, says }: Refusal): void {
  const body = JSON.stringify({ message: says });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Refused"}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** The answer to a request for the broker's address that is no handshake, as somebody's who opened it in a browser (RFC 9110 §15.5.22). */
export function sayWhatThisIs(response: ServerResponse): void {
  const headers = { upgrade: "websocket", connection: "Upgrade", "content-type": "text/plain; charset=utf-8" };
  response
    .writeHead(426, headers)
    .end(
      "This is Tether's broker. Robots and operators connect to it by WebSocket, with a ticket (subprotocol tether.v1). People use the console, at /.\n",
    );
}
