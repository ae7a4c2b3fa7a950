import { minute } from "../cause/town.ts";
import { type Calamity, day, hour, must } from "./calamity.ts";
import type { Disk } from "./rig.ts";

const keyFile = "/state/robot.json";

/** The file system refuses what `refuses` names from now on; what this returns mends it. */
function refuse(disk: Disk, code: string, refuses: readonly ("create" | "rename" | "remove" | "flush" | "makeFolder")[]): () => void {
  const kept = refuses.map((name) => [name, disk[name]] as const);
  for (const name of refuses) Object.assign(disk, { [name]: () => Promise.reject(Object.assign(new Error(code), { code })) });
  return () => Object.assign(disk, Object.fromEntries(kept));
}

/** The robot is started anew while its disk cannot be written in one way. */
function unwritable(name: string, code: string, refuses: Parameters<typeof refuse>[2]): Calamity {
  return {
    name,
    robot: "Comes online with the key that it has, stays, and hands over; it rotates its key once it can write.",
    async happens({ machine, disk, pass, during, isBackWithin }) {
      await during(machine.stop("robot.left"));
      const mend = refuse(disk, code, refuses);
      machine.start();
      must(await isBackWithin(minute), "the robot comes online");
      await pass(2 * hour);
      must(machine.isOnline(), "it stays and hands over");
      await during(machine.execute(["rotate"]));
      must(await isBackWithin(minute), "a rotation that cannot be written costs nothing");
      mend();
      must((await during(machine.execute(["rotate"]))) === 0, "the key is rotated once the disk can be written");
    },
  };
}

async function write(disk: Disk, path: string, text: string): Promise<void> {
  await disk.remove(path);
  await disk.create(path, text);
}

/** The key file's content is not usable: the agent says so and is not restarted, and a new code brings the robot back. */
function keyless(name: string, code: number, spoil: (disk: Disk) => Promise<void>, again: readonly string[]): Calamity {
  return {
    name,
    robot: `Ends with exit code ${code}, which its service does not repeat.`,
    person: "A one-time code from an owner (`tether robot code ROBOT`), over SSH or at the robot.",
    async happens({ town, machine, disk, pass, during, isBackWithin }) {
      await during(machine.stop("robot.left"));
      await spoil(disk);
      machine.start();
      await pass(10 * minute);
      must(!machine.isRunning() && machine.exit()?.code === code, `the agent ended with ${code}, not ${machine.exit()?.code}`);
      if (again.length > 0) await disk.remove(keyFile);
      const { origin } = town.world.system;
      must((await during(machine.execute(["enroll", origin, await town.codeFor(machine.robot)]))) === 0, "a code enrolls it");
      machine.start();
      must(await isBackWithin(minute), "the robot is online");
    },
  };
}

export const diskCalamities: readonly Calamity[] = [
  unwritable("The disk is full: no file can be made", "ENOSPC", ["create"]),
  unwritable("The disk is full: a file can be made and not flushed", "ENOSPC", ["flush"]),
  unwritable("The disk is full: no file can be put in another's place", "ENOSPC", ["rename"]),
  unwritable("The file system is read-only", "EROFS", ["create", "rename", "remove", "flush", "makeFolder"]),
  {
    name: "All notes beside the key are garbage",
    robot: "Takes them for none, and is online.",
    async happens({ machine, disk, during, isBackWithin }) {
      await during(machine.stop("robot.left"));
      for (const name of ["running.json", "last-known.json", "run.json", "driver.json"])
        await write(disk, `/state/${name}`, "\u0000{[garbage");
      machine.start();
      must(await isBackWithin(minute), "the robot is online");
    },
  },
  {
    name: "The power fails again and again, and what was not flushed is gone",
    robot: "Is back each time within a minute of its start.",
    async happens({ machine, during, isBackWithin }) {
      for (let time = 0; time < 5; time++) {
        await during(machine.cutPower(20_000));
        must(await isBackWithin(minute), `it is back after power cut ${time + 1}`);
      }
    },
  },
  {
    name: "The agent is killed and leaves its lock behind",
    robot: "Starts again: the lock is the kernel's, and ends with the process.",
    async happens({ machine, during, isBackWithin }) {
      await during(machine.kill("agent.killed"));
      must(await isBackWithin(minute), "the robot is back");
    },
  },
  keyless("The key file is lost", 3, (disk) => disk.remove(keyFile), []),
  keyless("The key file is damaged", 4, (disk) => write(disk, keyFile, '{"version":1,"enr'), ["removed"]),
  {
    name: "A settings file cannot be read",
    robot: "Ends with exit code 2, which its service does not repeat, and names the file.",
    person: "The mended file, over SSH or at the robot.",
    async happens({ machine, disk, pass, during, isBackWithin }) {
      await during(machine.stop("robot.left"));
      await disk.create("/home/.config/tether/robot.json", "{ api:");
      machine.start();
      await pass(10 * minute);
      must(machine.exit()?.code === 2 && !machine.isRunning(), "the agent ended with 2");
      await disk.remove("/home/.config/tether/robot.json");
      machine.start();
      must(await isBackWithin(minute), "the robot is online");
    },
  },
  {
    name: "The robot's key is long due while its disk is full",
    robot: "Goes on with the key that it has, though it is past its date, and rotates once there is room.",
    async happens({ town, machine, disk, pass, during, isBackWithin }) {
      await during(machine.stop("robot.left"));
      town.world.system.faults.set([{ name: "sweep.late", ms: day, rate: 1 }]);
      await pass(100 * day);
      town.world.system.faults.set([]);
      const mend = refuse(disk, "ENOSPC", ["create"]);
      machine.start();
      must(await isBackWithin(minute), "the robot is online with a key that is past its date");
      await pass(2 * hour);
      must(machine.isOnline(), "it stays and hands over");
      mend();
      must((await during(machine.execute(["rotate"]))) === 0, "the key is rotated");
      must(machine.isOnline(), "the robot is still online");
    },
  },
];
