import { restartBytes } from "./bytes.ts";

/** Run before each test file, also where files share a process. */
restartBytes();
