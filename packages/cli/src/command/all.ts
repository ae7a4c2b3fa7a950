import { accessAssign, accessList, accessRevoke } from "./access.ts";
import type { Command } from "./command.ts";
import { doctor } from "./doctor.ts";
import { keyList, keyRevoke } from "./key.ts";
import { robotCode, robotCreate, robotDelete, robotList, robotStop } from "./robot.ts";
import { sessionEnd, sessionList } from "./session.ts";
import { robotSet, robotShow } from "./settings.ts";
import { signIn } from "./sign-in.ts";
import { signOut } from "./sign-out.ts";
import { tokenInspect, tokenPrint } from "./token.ts";
import { why } from "./why.ts";

/** All commands. */
export const commands: readonly Command[] = [
  {
    words: "sign-in",
    usage: "[URL]",
    flags: ["no-open", "port", "device"],
    says: "sign in to the service at URL with a browser",
    about:
      "Without URL: $TETHER_API, or the service that was signed in to last. Over SSH: open the address on any machine, and paste the one at which that browser ends; or --device.",
    run: signIn,
  },
  { words: "sign-out", flags: ["everywhere"], says: "remove the sign-in from this machine, and end it at the issuer", run: signOut },
  { words: "robot list", flags: ["name", "state"], says: "list your robots and their state", run: robotList },
  { words: "robot create", usage: "NAME", says: "create a robot; you own it", run: robotCreate },
  { words: "robot code", usage: "ROBOT", says: "make a one-time code, and print the command that enrolls the robot", run: robotCode },
  { words: "robot show", usage: "ROBOT", says: "show a robot's settings for driving and for lost connections", run: robotShow },
  {
    words: "robot set",
    usage: "ROBOT",
    flags: [
      "deadman",
      "max-age",
      "blind",
      "stop-blind",
      "max-linear",
      "max-angular",
      "unanswered",
      "takers",
      "robot-grace",
      "client-grace",
    ],
    says: "change a robot's settings for driving and for lost connections",
    about:
      "Settings that are not named stay as they are. Settings for driving reach whoever drives within seconds, at the latest after 5 min; those for lost connections apply to sessions that begin later.",
    run: robotSet,
  },
  {
    words: "robot stop",
    usage: "ROBOT",
    flags: ["reason"],
    says: "stop a robot; any role on it suffices",
    run: robotStop,
  },
  { words: "robot delete", usage: "ROBOT", flags: ["force"], says: "delete a robot, and end its sessions", run: robotDelete },
  { words: "key list", usage: "ROBOT", says: "list a robot's keys", run: keyList },
  {
    words: "key revoke",
    usage: "ROBOT KID|all",
    flags: ["force", "with-successors"],
    says: "revoke a key or all keys, and end the sessions that were opened with them",
    run: keyRevoke,
  },
  { words: "access list", usage: "ROBOT", says: "list who has which role on a robot", run: accessList },
  { words: "access assign", usage: "ROBOT WHO ROLE", says: "give someone a role on a robot", run: accessAssign },
  { words: "access revoke", usage: "ROBOT WHO", says: "revoke someone's role, and end the sessions that rely on it", run: accessRevoke },
  { words: "session list", usage: "ROBOT", says: "list the live sessions and the latest past ones", run: sessionList },
  { words: "session end", usage: "ROBOT SESSION", flags: ["reason"], says: "end a session", run: sessionEnd },
  {
    words: "why",
    usage: "ROBOT",
    flags: ["since", "until", "follow", "robot-only"],
    says: "tell what happened to a robot, how often it dropped, and why",
    about: "Times are those of this machine's time zone. With --json they are ms since 1970, and --follow prints a document an entry.",
    run: why,
  },
  {
    words: "doctor",
    usage: "[ROBOT]",
    flags: ["expect"],
    says: "test every step to a robot, from the API to its answer and its picture",
    about: "Attaches to ROBOT, or the first of your robots, for a moment, which its timeline will say. Without a sign-in: $TETHER_API.",
    run: doctor,
  },
  {
    words: "token print",
    says: "print a valid token of whoever is signed in, for a program of yours",
    about: 'It is a secret. It goes to standard output alone: TETHER_TOKEN="$(tether token print)" npm run conform -- robot ….',
    run: tokenPrint,
  },
  {
    words: "token inspect",
    usage: "[TOKEN|-]",
    flags: ["expect"],
    says: "show how long a token lives, compared with infra/lifetime.ts",
    about:
      "The signature is not checked, and neither token nor signature is shown. Without TOKEN, or with “-”, the token is read from standard input.",
    run: tokenInspect,
  },
];
