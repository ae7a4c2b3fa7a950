import { owner } from "../../../local/test/world/open-world.ts";
import { createMachine } from "../cause/machine.ts";
import { minute } from "../cause/town.ts";
import { createMemoryDisk } from "../memory-disk.ts";
import { type Calamity, day, hour, must } from "./calamity.ts";
import type { Before, Disk } from "./rig.ts";

const keyFile = "/state/robot.json";
const code = "A one-time code from an owner (`tether robot code ROBOT`), over SSH or at the robot.";

async function copyKey(from: Disk, to: Disk): Promise<void> {
  const text = from.names.get(keyFile)?.text ?? "";
  await to.remove(keyFile);
  await to.create(keyFile, text);
}

/** The robot is enrolled anew with a code, and comes online. */
async function enrollAgain({ town, machine, during, isBackWithin }: Before): Promise<void> {
  const argv = ["enroll", "--again", town.world.system.origin, await town.codeFor(machine.robot)];
  must((await during(machine.execute(argv))) === 0, "a code enrolls it");
  if (!machine.isRunning()) machine.start();
  must(await isBackWithin(16 * minute), "the robot is online");
}

export const identityCalamities: readonly Calamity[] = [
  {
    name: "The image is restored from a backup of before the last rotation, within a day of it",
    robot: "Comes online with the key before, which is taken for 24 h, and rotates.",
    async happens({ machine, disk, during, isBackWithin }) {
      const backup = createMemoryDisk();
      await copyKey(disk, backup);
      must((await during(machine.execute(["rotate"]))) === 0, "the key is rotated");
      await during(machine.stop("robot.left"));
      await copyKey(backup, disk);
      machine.start();
      must(await isBackWithin(minute), "the robot is online");
    },
  },
  {
    name: "The image is restored from a backup of before the last rotation, long after it",
    robot: "Is refused, as a thief of the old key would be, and goes on asking: exit code 5, started again.",
    person: code,
    async happens(before) {
      const { machine, disk, during, pass } = before;
      const backup = createMemoryDisk();
      await copyKey(disk, backup);
      must((await during(machine.execute(["rotate"]))) === 0, "the key is rotated");
      await during(machine.stop("robot.left"));
      await pass(2 * day);
      await copyKey(backup, disk);
      machine.start();
      await pass(hour);
      must(!machine.isOnline() && machine.exit()?.code === 5, `the agent is refused, and ended with ${machine.exit()?.code}`);
      await enrollAgain(before);
    },
  },
  {
    name: "Two machines run from copies of one card",
    robot: "One of them is online, the other stands by; it is back within 2 min once the first is gone.",
    async happens({ town, machine, disk, pass, during, isBackWithin }) {
      const other = createMemoryDisk();
      await copyKey(disk, other);
      const clone = createMachine(town, machine.robot, other);
      clone.start();
      await pass(5 * minute);
      must(Number(clone.isOnline()) + Number(machine.isOnline()) === 1, "exactly one is online");
      await pass(hour);
      must(machine.isRunning() && clone.isRunning(), "neither is off for good");
      await during(clone.stop("robot.left"));
      must(await isBackWithin(2 * minute), "the first is back");
    },
  },
  {
    name: "The service moved to another address, and the old one is gone",
    robot: "Goes on trying at the old address, and is online at the new one once it is told.",
    person:
      "The new address, as a setting (`TETHER_API`), over SSH or at the robot; none where the name is kept and its DNS entry changed.",
    async happens({ town, machine, disk, pass, during, isBackWithin }) {
      const { origin } = town.world.system;
      await during(machine.stop("robot.left"));
      const text = (disk.names.get(keyFile)?.text ?? "").replaceAll(origin, "https://old.invalid");
      await disk.remove(keyFile);
      await disk.create(keyFile, text);
      machine.line.intercept = (url) =>
        url.includes("old.invalid") ? Promise.reject(new TypeError("fetch failed", { cause: { code: "ENOTFOUND" } })) : undefined;
      machine.start();
      await pass(day / 2);
      must(machine.isRunning() && !machine.isOnline(), "the agent goes on trying");
      await during(machine.stop("robot.left"));
      await disk.create("/home/.config/tether/robot.json", JSON.stringify({ api: origin }));
      machine.start();
      must(await isBackWithin(minute), "the robot is online at the new address");
    },
  },
  {
    name: "The key is revoked by mistake",
    robot: "Is told so, ends with exit code 5, and is started again by its service.",
    person: code,
    async happens(before) {
      const { town, machine, pass } = before;
      const path = `/v1/robots/${machine.robot}/credentials`;
      const { body } = await town.world.call<{ items: { kid: string }[] }>("GET", path, { as: owner });
      for (const { kid } of body.items) await town.world.call("DELETE", `${path}/${kid}?force=true`, { as: owner });
      await pass(hour);
      must(!machine.isOnline() && machine.exit()?.code === 5, "the agent ended with 5");
      await enrollAgain(before);
    },
  },
  {
    name: "The account is restored from a backup of before the robot's last rotation",
    robot: "Is refused with a key that the service does not know any more, and goes on asking: exit code 5, started again.",
    person: code,
    async happens(before) {
      const { town, machine, pass, during } = before;
      const { store } = town.world.system;
      const credentials = () => store.entities.credential.query.primary({ robotId: machine.robot }).go();
      const backup = (await credentials()).data;
      must((await during(machine.execute(["rotate", "--retire-now"]))) === 0, "the key is rotated");
      await during(machine.stop("robot.left"));
      const now = (await credentials()).data;
      for (const { robotId, kid } of now) await store.entities.credential.delete({ robotId, kid }).go();
      for (const one of backup) await store.entities.credential.put(one).go();
      machine.start();
      await pass(hour);
      must(!machine.isOnline() && machine.exit()?.code === 5, `the agent is refused, and ended with ${machine.exit()?.code}`);
      await enrollAgain(before);
    },
  },
];
