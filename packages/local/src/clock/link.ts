/** Counts the messages under way on one socket, by the word of both its ends. */
type Link = {
  label: string;
  handshaking: boolean;
  attached: boolean;
  suspended: number;
  toGateway: number;
  toClient: number;
  pings: number;
  closing: boolean;
  lost: boolean;
  clientClosed: boolean;
  gatewayClosed: boolean;
};

export interface ClientEnd {
  opened(): void;
  sent(): void;
  received(): void;
  pinged(): void;
  ponged(): void;
  closing(): void;
  closed(): void;
  /** Whether the network to the gateway is gone. */
  lost(): boolean;
}

export interface GatewayEnd {
  /** Said before the handshake is answered. */
  attached(): void;
  /** The handshake waits for a timer from now until the returned function is called. */
  suspend(): () => void;
  sent(): void;
  received(): void;
  closing(): void;
  closed(): void;
  /** The network between the ends is gone: neither hears of the other again. */
  lost(): void;
}

/** The sockets whose frames are counted, by the two ports of their TCP connection. */
export interface Links {
  open(ports: string, label: string): ClientEnd;
  find(ports: string): GatewayEnd | undefined;
  /** Names what is under way. */
  busy(): string[];
  /** Whether anything is: asked at every change, with thousands of links. */
  isBusy(): boolean;
}

export function portsOf(socket: { client: number | undefined; server: number | undefined }): string {
  return `${socket.client}>${socket.server}`;
}

function describe(link: Link): string[] {
  if (link.handshaking) return link.suspended > 0 ? [] : [`handshake of ${link.label}`];
  const said: string[] = [];
  if (link.toGateway > 0) said.push(`${link.toGateway} frame(s) to the gateway on ${link.label}`);
  if (link.toClient > 0) said.push(`${link.toClient} frame(s) to the client on ${link.label}`);
  if (link.pings > 0) said.push(`pong to the client on ${link.label}`);
  if (link.closing) said.push(`closing of ${link.label}`);
  else if (link.clientClosed) said.push(`close of ${link.label}, not seen by the gateway yet`);
  else if (link.gatewayClosed) said.push(`close of ${link.label}, not seen by the client yet`);
  return said;
}

export function createLinks(changed: () => void): Links {
  const links = new Map<string, Link>();
  const busy = new Set<Link>();

  function change(ports: string, link: Link, apply: (link: Link) => void): void {
    apply(link);
    const over = link.lost || (link.clientClosed && link.gatewayClosed);
    // Refused, or a server other than the gateway: it counts nothing, so neither does its client.
    const alone = !link.handshaking && !link.attached;
    if ((over || alone) && links.get(ports) === link) links.delete(ports);
    if (links.get(ports) === link && describe(link).length > 0) busy.add(link);
    else busy.delete(link);
    changed();
  }

  return {
    open(ports, label) {
      const link: Link = {
        label,
        handshaking: true,
        attached: false,
        suspended: 0,
        toGateway: 0,
        toClient: 0,
        pings: 0,
        closing: false,
        lost: false,
        clientClosed: false,
        gatewayClosed: false,
      };
      const former = links.get(ports);
      if (former) busy.delete(former);
      links.set(ports, link);
      busy.add(link);
      changed();
      const on = (apply: (link: Link) => void) => () => change(ports, link, apply);
      return {
        opened: on((it) => (it.handshaking = false)),
        sent: on((it) => it.toGateway++),
        received: on((it) => it.toClient--),
        pinged: on((it) => it.pings++),
        ponged: on((it) => it.pings--),
        closing: on((it) => (it.closing = true)),
        closed: on((it) => {
          it.clientClosed = true;
          it.handshaking = false;
        }),
        lost: () => link.lost,
      };
    },
    find(ports) {
      const link = links.get(ports);
      if (!link) return undefined;
      const on = (apply: (link: Link) => void) => () => change(ports, link, apply);
      return {
        attached: on((it) => (it.attached = true)),
        suspend() {
          on((it) => it.suspended++)();
          return on((it) => it.suspended--);
        },
        sent: on((it) => it.toClient++),
        received: on((it) => it.toGateway--),
        closing: on((it) => (it.closing = true)),
        closed: on((it) => (it.gatewayClosed = true)),
        lost: on((it) => (it.lost = true)),
      };
    },
    busy: () => [...busy].flatMap(describe),
    isBusy: () => busy.size > 0,
  };
}
