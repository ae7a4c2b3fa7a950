/** The key ring of tickets, `id:base64url,…`, newest first. The API seals with the first, the authorizer takes any. */
export const ticketKeys = new sst.Secret("TicketKeys");

/** STUN and TURN servers as JSON: a list of W3C `RTCIceServer` dictionaries. A secret, since they may carry a credential. */
export const iceServers = new sst.Secret("IceServers", JSON.stringify([{ urls: "stun:stun.cloudflare.com:3478" }]));
