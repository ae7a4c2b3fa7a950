import { expect, test } from "vitest";
import { ada, createRig } from "../rig.ts";

test("of permits that come at once the robot looks at four, and at the next once those are done", async () => {
  const rig = createRig();
  rig.change(ada);
  rig.welcomeRobot();
  const operator = rig.speak(ada);
  const answers = () => operator.all("accepted").length + operator.all("refused").length;
  for (let count = 0; count < 5; count += 1) operator.say({ type: "permit", permit: rig.key.sign(rig.permit()) });
  await rig.until(() => answers() === 4);
  // A permit that is shown now is answered next: the fifth was dropped.
  await operator.show();
  expect(answers()).toBe(5);
});
