/** Why an address had no answer: a code for programs, the fact, and the first thing to do. */
export type Unreachable = { readonly code: string; readonly says: string; readonly remedy: string };

export type Attempt = {
  readonly url: string;
  /** The clock of this machine, in ms. */
  readonly now: number;
  /** Whether the request went by way of a proxy. */
  readonly proxied: boolean;
};

type Row = (asked: Attempt & { readonly host: string; readonly status: string }) => Unreachable;

const unresolved: Row = ({ host, proxied }) => ({
  code: "network.unresolved",
  says: `No address was found for ${proxied ? "the proxy" : host}.`,
  remedy: proxied ? "Check HTTPS_PROXY." : "Check the address, and the machine's DNS: getent hosts, or resolvectl query, with that name.",
});
const refused: Row = ({ host, proxied }) => ({
  code: "network.refused",
  says: `${proxied ? "The proxy" : host} refused the connection: nothing listens on that port.`,
  remedy: proxied ? "Check HTTPS_PROXY." : "Check the address and its port; on this machine: does npm start run?",
});
const unrouted: Row = ({ host }) => ({
  code: "network.unrouted",
  says: `There is no way from this machine to ${host}.`,
  remedy: "Look at the network: cable, Wi-Fi, modem, default route.",
});
const silent: Row = ({ host }) => ({
  code: "network.silent",
  says: `${host} did not answer in time.`,
  remedy: "Look at the network and its firewall. Where the way out is by a proxy: set HTTPS_PROXY.",
});
const cut: Row = ({ host }) => ({
  code: "network.cut",
  says: `The connection to ${host} was cut before there was an answer.`,
  remedy: "Try again. If it stays, something on the way cuts it: a firewall, or a proxy that is to be named in HTTPS_PROXY.",
});
const notYetValid: Row = ({ host, now }) => ({
  code: "network.clock",
  says: `The certificate of ${host} is not valid yet by this machine's clock, which says ${instant(now)}.`,
  remedy: "Set the clock: sudo timedatectl set-ntp true, or by hand with: sudo date -s TIME.",
});
const expired: Row = ({ host, now }) => ({
  code: "network.expired",
  says: `The certificate of ${host} has expired by this machine's clock, which says ${instant(now)}.`,
  remedy: "If that is not the time, set the clock. If it is, tell whoever runs the service.",
});
const untrusted: Row = ({ host }) => ({
  code: "network.untrusted",
  says: `The certificate of ${host} is from an authority that this machine does not know.`,
  remedy:
    "If that is your own, or a proxy's that reads along: NODE_EXTRA_CA_CERTS=FILE. Otherwise do not go on: somebody may be in between.",
});
const wrongName: Row = ({ host }) => ({
  code: "network.stranger",
  says: `The server that answered for ${host} has the certificate of another name.`,
  remedy: "Check the address. On a guest network, sign in there with a browser first.",
});
const unencrypted: Row = ({ host }) => ({
  code: "network.plain",
  says: `The server that answered for ${host} does not speak TLS.`,
  remedy: "Check the address and its port. On a guest network, sign in there with a browser first.",
});
const captive: Row = ({ host }) => ({
  code: "network.captive",
  says: `A web page answered in place of ${host}: a guest network, or not the address of a Tether API.`,
  remedy: "Sign in to the network with a browser, then try again; or check the address.",
});
const proxy: Row = ({ status }) => ({
  code: "network.proxy",
  says: `The proxy refused to connect${status === "" ? "" : ` (status ${status})`}.`,
  remedy: "407: put the name and password into HTTPS_PROXY. Others: the proxy must let this address through, or NO_PROXY must name it.",
});
const noSocket: Row = ({ host, status }) => ({
  code: "network.handshake",
  says: `${host} was reached and opened no WebSocket (status ${status}).`,
  remedy:
    "If it stays, something on the way lets no WebSocket through: a firewall, or a proxy. If nothing is: tell whoever runs the service.",
});
const other: Row = ({ host }) => ({
  code: "network.failed",
  says: `${host} could not be reached.`,
  remedy: "Check the address and the network.",
});

const rows: Readonly<Record<string, Row>> = {
  ENOTFOUND: unresolved,
  EAI_AGAIN: unresolved,
  ECONNREFUSED: refused,
  ENETUNREACH: unrouted,
  EHOSTUNREACH: unrouted,
  ENETDOWN: unrouted,
  EADDRNOTAVAIL: unrouted,
  ETIMEDOUT: silent,
  UND_ERR_CONNECT_TIMEOUT: silent,
  UND_ERR_HEADERS_TIMEOUT: silent,
  ABORT_ERR: silent,
  ECONNRESET: cut,
  EPIPE: cut,
  UND_ERR_SOCKET: cut,
  CERT_NOT_YET_VALID: notYetValid,
  CERT_HAS_EXPIRED: expired,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: wrongName,
  ERR_SSL_WRONG_VERSION_NUMBER: unencrypted,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: unencrypted,
  EPROTO: unencrypted,
};

/** Reads what `fetch` rejected with: Node keeps the cause beneath one error that says nothing. */
export function whyUnreachable(error: unknown, asked: Attempt): Unreachable {
  const attempt = { ...asked, host: new URL(asked.url).host, status: "" };
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    // Node's fetch and its agents word it differently.
    const status = /^(?:Proxy response \(|Failed to establish tunnel .*: HTTP\/\S+ )(\d{3})\b/.exec(at.message)?.[1];
    if (status !== undefined) return proxy({ ...attempt, status });
    const answered = /^Unexpected server response: (\d{3})/.exec(at.message)?.[1];
    if (answered !== undefined) return noSocket({ ...attempt, status: answered });
    if (at.message === "unexpected redirect") return captive(attempt);
    if (at.name === "AbortError" || at.name === "TimeoutError") return silent(attempt);
    const row = codesOf(at).map((code) => rows[code])[0];
    if (row) return row(attempt);
  }
  return other(attempt);
}

/** Whether a web page came where the API answers JSON. A page with an error status is a gateway's report of an outage, and does not count. */
export function isCaptive({ status, headers }: Response): boolean {
  const isPage = headers.get("content-type")?.startsWith("text/html") ?? false;
  return status === 511 || (isPage && status < 400);
}

export function captivity(url: string): Unreachable {
  return captive({ url, host: new URL(url).host, now: 0, proxied: false, status: "" });
}

/** A proxy's own answer, other than 200, to a request to connect. */
export function proxyRefusal(url: string, status: number): Unreachable {
  return proxy({ url, host: new URL(url).host, now: 0, proxied: true, status: String(status) });
}

/** The error's known codes. Where several addresses were tried, each has its own error. */
function codesOf(error: Error): string[] {
  const own = "code" in error && typeof error.code === "string" ? [error.code] : [];
  const parts = error instanceof AggregateError ? error.errors.flatMap((part) => (part instanceof Error ? codesOf(part) : [])) : [];
  return [...own, ...parts].filter((code) => rows[code] !== undefined);
}

function instant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
