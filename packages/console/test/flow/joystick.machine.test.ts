import { expect, test } from "vitest";
import { drives, fullSpeed, is, nothingDrives, page, poll, released, said } from "./instruments-tab.ts";

async function middle() {
  const box = await page.locator(".joystick").boundingBox();
  if (!box) throw new Error("there is no joystick");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, radius: box.width / 2 };
}

test("the joystick drives under a mouse that leaves it, and stops when the button is up", async () => {
  const { x, y, radius } = await middle();
  await page.mouse.move(x, y);
  await page.mouse.down();
  await drives("joystick");
  await page.mouse.move(x, y - 3 * radius);
  await poll(fullSpeed).toBe(true);
  await is("held");
  await page.mouse.up();
  await released();
});

test("the right button does not take the joystick, and a release that got lost is noticed", async () => {
  const { x, y, radius } = await middle();
  await page.mouse.move(x, y);
  await page.mouse.down({ button: "right" });
  await page.mouse.move(x, y - radius);
  await page.mouse.up({ button: "right" });
  await nothingDrives();
  await page.mouse.down();
  await drives("joystick");
  await page.evaluate('addEventListener("pointerup", (event) => event.stopImmediatePropagation(), true)');
  await page.evaluate('addEventListener("lostpointercapture", (event) => event.stopImmediatePropagation(), true)');
  await page.mouse.up();
  await page.mouse.move(x, y - radius / 2);
  await released();
});

test("the position of a slider is sent while it is held, and no more once the pointer, the window's focus or the permission to drive is gone", async () => {
  const sent = () => page.evaluate<{ pan?: number }[]>("positions.splice(0)");
  /** Counts the positions that the page sends in the time of several ticks. */
  const later = () => page.evaluate<number>("new Promise((done) => setTimeout(() => done(positions.splice(0).length), 300))");
  const slider = page.getByLabel("Pan");
  const permit = async (isAllowed: boolean) => {
    await page.evaluate(`allow(${isAllowed})`);
    await expect.poll(() => slider.isEnabled()).toBe(isAllowed);
  };
  const box = await slider.boundingBox();
  if (!box) throw new Error("there is no slider");
  const y = box.y + box.height / 2;
  const endings = [
    () => page.mouse.up(),
    () => page.evaluate("dispatchEvent(new Event('blur'))"),
    () => permit(false),
    async () => {
      await page.evaluate('addEventListener("pointerup", (event) => event.stopImmediatePropagation(), true)');
      await page.mouse.up();
      await page.mouse.move(box.x + box.width / 2, y);
    },
  ];
  for (const end of endings) {
    await page.mouse.move(box.x + box.width / 2, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 1, y);
    await expect.poll(async () => (await sent()).at(-1)?.pan).toBeGreaterThan(80);
    await end();
    await sent();
    expect(await later()).toBe(0);
    await page.mouse.up();
    await permit(true);
    expect(await later()).toBe(0);
  }
});

test("a finger on the joystick drives through a long touch, and stops when the system takes it away", async () => {
  const { x, y, radius } = await middle();
  const touch = await page.context().newCDPSession(page);
  const put = (type: "touchStart" | "touchMove" | "touchCancel", ...at: { x: number; y: number }[]) =>
    touch.send("Input.dispatchTouchEvent", { type, touchPoints: at });
  await put("touchStart", { x, y });
  await drives("joystick");
  await put("touchMove", { x, y: y - radius });
  await poll(fullSpeed).toBe(true);
  await page.locator(".joystick").dispatchEvent("contextmenu");
  await is("held");
  await put("touchCancel");
  await released();
});

test("a second finger changes nothing of what the first one does", async () => {
  const { x, y, radius } = await middle();
  const touch = await page.context().newCDPSession(page);
  const put = (type: "touchStart" | "touchMove" | "touchEnd", ...at: { x: number; y: number; id: number }[]) =>
    touch.send("Input.dispatchTouchEvent", { type, touchPoints: at });
  await put("touchStart", { x, y, id: 0 });
  await put("touchMove", { x, y: y - radius, id: 0 });
  await poll(fullSpeed).toBe(true);
  await put("touchStart", { x, y: y - radius, id: 0 }, { x, y: y + radius / 2, id: 1 });
  await put("touchMove", { x, y: y - radius, id: 0 }, { x, y: y + radius, id: 1 });
  const before = (await said()).length;
  await poll(async () => (await said()).length).toBeGreaterThan(before + 3);
  await put("touchMove", { x, y: y - radius, id: 0 });
  await is("held");
  await put("touchEnd");
  expect((await said()).filter((one) => one.startsWith("-"))).toEqual([]);
  await released();
});
