import type { RequestContext } from "./event.ts";

/** The part of events that stays the same for one connection. */
export type ConnectionFacts = {
  stage: string;
  domainName: string;
  connectionId: string;
  connectedAt: number;
  identity: RequestContext["identity"];
};

export const apiId = "local";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function logTime(at: number): string {
  const iso = new Date(at).toISOString();
  const month = months[Number(iso.slice(5, 7)) - 1];
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}

export function requestContext(facts: ConnectionFacts, now: number, requestId: string): RequestContext {
  return {
    ...facts,
    apiId,
    requestTimeEpoch: now,
    requestTime: logTime(now),
    requestId,
    extendedRequestId: requestId,
    messageDirection: "IN",
  };
}
