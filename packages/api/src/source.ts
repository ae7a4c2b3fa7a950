/** The facts that Lambda's adapter and Node's server hand to a request; neither can be forged by a header. */
type Surroundings = {
  readonly requestContext?: { readonly http?: { readonly sourceIp?: string } };
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } };
};

/** The address a request came from, as far as anyone knows. */
export function sourceOf(surroundings: unknown): string {
  const { requestContext, incoming } = (surroundings ?? {}) as Surroundings;
  return requestContext?.http?.sourceIp ?? incoming?.socket?.remoteAddress ?? "unknown";
}
