import { operator, owner } from "../world/open-world.ts";
import type { Story } from "./stage.ts";

const second = 1_000;
const minute = 60 * second;

const drive: Story = {
  name: "drive",
  says: "a client joins a robot, is given control, drives, stops it, goes on, and leaves",
  async play({ world, says, startRobot, startClient }) {
    const { clock } = world;
    const robot = await world.createRobot();
    says(
      "The robot buys a ticket with an assertion by its key, connects, and is welcomed with the keys that sign permits.",
      "A2",
      "T1",
      "H2",
    );
    await startRobot(robot);
    await clock.advance(second);
    says("A user's client does the same with the user's token, and the robot is told of it.", "T1", "P1");
    says("The client makes both channels and the first offer, with a place for the robot's video; candidates follow.", "W1", "W1.3", "W2");
    const ada = await startClient(robot, { name: "operator", as: operator });
    await clock.advance(500);
    says(
      "The client asks for control, which is free. Both are told, then it is given its permit, and shows it to the robot.",
      "D1",
      "R11",
      "R1",
    );
    ada.control.request();
    await clock.advance(500);
    says("It drives. The robot tells how it stands while it moves.", "R4", "R30");
    for (let n = 0; n < 5; n += 1) {
      ada.control.command({ linear: 0.5, angular: 0 });
      await clock.advance(100);
    }
    says("No command comes any more: the dead-man stops the robot.", "R5", "R8");
    await clock.advance(700);
    says("The next command moves it again. Then the operator presses stop, which goes by every way, and is one stop.", "R7", "R16", "D20");
    ada.control.command({ linear: 0.5, angular: 0 });
    await clock.advance(100);
    ada.control.stop("a person is near");
    await clock.advance(500);
    says("Nothing is obeyed until the holder resumes from it; then only commands above the number that it names.", "R7", "R32");
    ada.control.resume();
    await clock.advance(100);
    ada.control.command({ linear: 0.2, angular: 0.1 });
    await clock.advance(100);
    says("It lets go of control, which stops the robot at once, and leaves.", "D13", "R6", "P7");
    ada.control.release();
    await clock.advance(100);
    const left = ada.leave("home time");
    await world.idle();
    await left;
    await clock.advance(second);
  },
};

const control: Story = {
  name: "control",
  says: "two clients and one robot: control is asked for, handed over, and taken",
  async play({ world, says, startRobot, startClient }) {
    const { clock } = world;
    const robot = await world.createRobot();
    says("A robot, an operator and an owner of it come online.", "H2", "P1");
    await startRobot(robot);
    const ada = await startClient(robot, { name: "operator", as: operator, joins: false });
    const boss = await startClient(robot, { name: "owner", as: owner, joins: false });
    await clock.advance(second);
    says("The operator asks for control and is given it.", "D1");
    ada.control.request();
    await world.idle();
    await clock.advance(second);
    says("The owner asks while the operator holds it: the operator is asked, and hands it over in a new epoch.", "D8", "D8.1", "D10");
    boss.control.request();
    await world.idle();
    await clock.advance(3 * second);
    if (boss.id) ada.control.give(boss.id);
    await world.idle();
    await clock.advance(second);
    says("The operator asks for it, and the owner refuses.", "D10");
    ada.control.request();
    await world.idle();
    if (ada.id) boss.control.deny(ada.id, "not now");
    await world.idle();
    await clock.advance(second);
    says("The owner lets go. The operator asks again, and the owner takes it back with a reason.", "D13", "D11");
    boss.control.release();
    await world.idle();
    ada.control.request();
    await world.idle();
    boss.control.take("the arm is in the way");
    await world.idle();
    await clock.advance(second);
  },
};

const lease: Story = {
  name: "lease",
  says: "leases are renewed in place, and a client whose token renews nothing is told so",
  world: { leaseMs: 20 * minute },
  async play({ world, says, startRobot, startClient }) {
    const { clock } = world;
    const robot = await world.createRobot();
    await startRobot(robot);
    await startClient(robot, { name: "operator", as: operator, lifeMs: 20 * minute, joins: false, keeps: true });
    says(
      "At 75 % of its lease each end renews. The client's program gives the token that the lease stands on already, so the client asks it for a fresh one.",
      "L3",
      "L3.1",
      "L3.2",
      "L3.3",
    );
    await clock.advance(15 * minute);
  },
};

const cut: Story = {
  name: "cut",
  says: "a robot's connection breaks, what was said to it meanwhile waits for it, and it goes on with its session",
  async play({ world, says, cut: cutOff, startRobot, startClient }) {
    const { clock } = world;
    const robot = await world.createRobot();
    const { session } = await startRobot(robot);
    const ada = await startClient(robot, { name: "operator", as: operator, joins: false });
    const tell = (body: string) => session.id && ada.send(session.id, { kind: "app", body });
    await clock.advance(second);
    says("The client signals the robot: numbered in a stream, and acknowledged.", "S3", "S5", "S14");
    tell("one");
    await clock.advance(1_500);
    says("The robot's connection breaks. The client is told that it is away, and keeps what it has to say to it.", "P1", "P2", "S5");
    cutOff("robot");
    await world.idle();
    tell("two");
    await world.idle();
    says(
      "The robot comes back with another ticket, as the same instance: the same session, one epoch higher. The client sends again.",
      "E1",
      "T8",
      "S6",
    );
    await clock.advance(2 * second);
  },
};

const keys: Story = {
  name: "key",
  says: "a robot makes its own key, enrolls it with a one-time code, and rotates it",
  async play({ world, says, enroll }) {
    const { id } = await world.createRobot();
    const { body } = await world.call<{ code: string }>("POST", `/v1/robots/${id}/enrollments`, { as: owner });
    says("An owner made a code. The robot proves its new key for it, buys a ticket with that key, and connects.", "N3", "N3.1", "A2");
    const end = await enroll(id, body.code);
    await world.clock.advance(second);
    says(
      "It registers its next key with an assertion by the one it has and a proof by the next, and asks for a ticket by that at once.",
      "K1",
      "K2",
      "K2.1",
    );
    const rotated = end.rotate();
    await world.idle();
    await rotated;
  },
};

export const stories: readonly Story[] = [drive, control, lease, cut, keys];
