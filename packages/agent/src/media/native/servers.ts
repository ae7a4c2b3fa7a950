import type { RelayType } from "node-datachannel";
import type { IceServer } from "../message.ts";

type Native = { hostname: string; port: number; username?: string; password?: string; relayType?: RelayType };

const ports = { stun: 3_478, turn: 3_478, turns: 5_349 } as const;

/** Servers for STUN and TURN as libdatachannel wants them. An address that it cannot read is left out: RFC 7064 and 7065 say how it is written. */
export function serversOf(servers: readonly IceServer[]): Native[] {
  return servers.flatMap(({ urls, username, credential }) =>
    [urls].flat().flatMap((url) => {
      const [, scheme, hostname, port, transport = "udp"] =
        /^(stun|turn|turns):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=(udp|tcp))?$/.exec(url) ?? [];
      if (!isScheme(scheme) || hostname === undefined) return [];
      const at = { hostname: hostname.replace(/^\[(.*)\]$/, "$1"), port: port === undefined ? ports[scheme] : Number(port) };
      if (scheme === "stun") return [at];
      const relayType = scheme === "turns" ? "TurnTls" : transport === "tcp" ? "TurnTcp" : "TurnUdp";
      return [{ ...at, username: username ?? "", password: credential ?? "", relayType } as const];
    }),
  );
}

function isScheme(value: string | undefined): value is keyof typeof ports {
  return value !== undefined && Object.hasOwn(ports, value);
}
