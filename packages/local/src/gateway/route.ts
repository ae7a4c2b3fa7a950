/** The route selection expression `$request.body.type`. All but the keepalive goes to `$default`. */
export function routeOf(body: string): "ping" | "$default" {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null && "type" in parsed && parsed.type === "ping" ? "ping" : "$default";
  } catch {
    return "$default";
  }
}
