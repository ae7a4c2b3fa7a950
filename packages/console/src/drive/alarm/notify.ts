/** Whether the browser shows notifications of this page: `unavailable` where it never does. */
export function permission(): NotificationPermission | "unavailable" {
  return "Notification" in window ? Notification.permission : "unavailable";
}

/** Shows one where nobody looks at the page; one of the same kind takes the place of the last. */
export function notify(title: string, tag: string): void {
  if (permission() !== "granted" || (document.visibilityState === "visible" && document.hasFocus())) return;
  try {
    const notification = new Notification(title, { tag, requireInteraction: true });
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
  } catch {
    // Chromium on Android shows notifications of service workers only.
  }
}
