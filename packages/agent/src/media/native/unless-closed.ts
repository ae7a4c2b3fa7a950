/**
 * Does something with a channel or a track, unless it is closed. The library closes them on a thread of its own, at any time, and throws for
 * what is asked of them then: that they were open a line before says nothing, and a throw would end the process that shows the cameras.
 */
export function unlessClosed(work: () => unknown): void {
  try {
    work();
  } catch {
    // The end of the channel is told by its own event.
  }
}

/** Whether it is open; one for which the library throws is not. */
export function isOpen(one: { isOpen(): boolean }): boolean {
  try {
    return one.isOpen();
  } catch {
    return false;
  }
}
