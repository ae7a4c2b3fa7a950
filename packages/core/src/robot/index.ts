export { change } from "./change.ts";
export { create, robotIdFor } from "./create.ts";
export { remove } from "./delete.ts";
export { list } from "./list.ts";
export { read } from "./read.ts";
