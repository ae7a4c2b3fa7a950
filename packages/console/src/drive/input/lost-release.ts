/**
 * Calls `lost` whenever the release of a key or a pointer might not be heard: the window loses the focus, the tab is hidden, a menu
 * opens, something is dragged, full screen begins or ends. Whatever is held moves the robot, so each of these counts as its release.
 */
export function onLostRelease(lost: () => void, signal: AbortSignal): void {
  for (const name of ["blur", "pagehide"]) window.addEventListener(name, lost, { signal });
  for (const name of ["visibilitychange", "freeze", "fullscreenchange"]) document.addEventListener(name, lost, { signal });
  // A prevented event opened no menu: a long touch of the joystick asks for one.
  for (const name of ["contextmenu", "dragstart"]) {
    window.addEventListener(name, ({ defaultPrevented }) => !defaultPrevented && lost(), { signal });
  }
}
