import { sourceHeader } from "@tether/aws/cell";

/** The facts that Lambda's adapter and Node's server hand to a request; neither can be forged by a header. */
type Surroundings = {
  readonly requestContext?: { readonly http?: { readonly sourceIp?: string } };
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } };
};

type Asked = {
  readonly env: unknown;
  readonly req: { header(name: string): string | undefined };
  readonly var: {
    readonly env: { readonly settings: { readonly edgeKeys: readonly string[]; readonly homeKeys?: readonly string[] } };
  };
};

/** The address a request came from, as far as anyone knows. Behind the edge it is the one that the edge saw: the gateway sees the edge's. */
export function sourceOf(c: Asked): string {
  const { edgeKeys, homeKeys = [] } = c.var.env.settings;
  // Only home asks then, which says for whom.
  if (homeKeys.length > 0) return c.req.header(sourceHeader) ?? "unknown";
  const { requestContext, incoming } = (c.env ?? {}) as Surroundings;
  const seen = requestContext?.http?.sourceIp ?? incoming?.socket?.remoteAddress ?? "unknown";
  return edgeKeys.length === 0 ? seen : (beforeEdge(c.req.header("x-forwarded-for") ?? "", seen) ?? seen);
}

/** Each hop appends whom it saw, so only the last entries are true: the gateway's, which is the edge, and before it the edge's. */
function beforeEdge(forwardedFor: string, edge: string): string | undefined {
  const hops = forwardedFor.split(",").flatMap((hop) => hop.trim() || []);
  if (hops.at(-1) === edge) hops.pop();
  return hops.at(-1);
}
