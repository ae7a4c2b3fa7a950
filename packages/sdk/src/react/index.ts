export { useSession } from "./use-session.ts";
export type { SessionView } from "./watch.ts";
