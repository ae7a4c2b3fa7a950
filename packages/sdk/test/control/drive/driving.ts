import { ada, createRig, type Rig } from "../rig.ts";

export const go = { linear: 1 };

/** Ada's SDK holds control, and the robot has accepted it. */
export async function driving(options: Parameters<typeof createRig>[0] = {}) {
  const rig = createRig(options);
  const operator = rig.operate(ada);
  rig.welcomeRobot();
  operator.welcome();
  const pipes = operator.connect();
  operator.drive.request();
  await hand(rig, operator);
  await rig.clock.advance(100);
  return { ...rig, ...operator, operator, pipes };
}

/** The broker gives control to an operator, and the robot accepts it. */
async function hand(rig: Rig, operator: ReturnType<Rig["operate"]>, session = ada) {
  rig.change(session);
  rig.robotEnd.hear(rig.changed());
  operator.broker.hear(rig.changed());
  operator.granted();
  await accept(rig, operator);
}

/** Waits until the robot has accepted whatever was shown. */
export async function accept({ until }: Rig, operator: ReturnType<Rig["operate"]>) {
  const before = operator.of("accepted").length;
  await until(() => operator.of("accepted").length > before);
}
