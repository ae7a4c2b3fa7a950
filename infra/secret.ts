import { setting } from "./setting.ts";

/** The key ring of tickets, `id:base64url,…`, newest first. The API seals with the first, the authorizer takes any. */
export const ticketKeys = new sst.Secret("TicketKeys");

/** The keys that sign grants of control, `id:base64url,…`, newest first, each 32 random bytes. The broker signs with the first; robots take any. */
export const controlKeys = new sst.Secret("ControlKeys");

/** The keys by which the gateways know CloudFront, `key,…`, newest first, each 22 characters at least. CloudFront shows the first; the gateways take any. */
export const edgeKeys = setting.edge ? new sst.Secret("EdgeKeys") : undefined;

/** The keys by which other cells know the home cell, `key,…`, newest first, each 22 characters at least. Home shows the first; the others take any. */
export const cellKeys = setting.home !== undefined || setting.cells !== "" ? new sst.Secret("CellKeys") : undefined;

/** STUN and TURN, in the forms `core/ice` reads. A secret, since what makes TURN credentials is one. */
export const iceServers = new sst.Secret("IceServers", "stun:stun.cloudflare.com:3478");
