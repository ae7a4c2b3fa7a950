export { inWords, list } from "./list.ts";
