export { type Sight, show } from "./show.ts";
