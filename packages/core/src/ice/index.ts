export { cloudflareIce } from "./cloudflare.ts";
export { coturnIce } from "./coturn.ts";
export { parseIce } from "./parse.ts";
export { type IceProvider, joined, staticIce } from "./provider.ts";
