const role = (...names: string[]) => names.map((name) => `[role="${name}"]`);

const notText = ["button", "checkbox", "image", "radio", "range", "reset", "submit"];

const fields = [
  `input:not(${notText.map((type) => `[type="${type}"]`).join(", ")})`,
  "textarea",
  "select",
  "dialog",
  '[contenteditable]:not([contenteditable="false"])',
  ...role("dialog", "alertdialog", "textbox", "searchbox", "combobox", "listbox", "menu", "spinbutton"),
].join(", ");

const elementsOf = (event: Event) => event.composedPath().filter((target) => target instanceof Element);

/**
 * Whether keys are typed or chosen with where the event is. A slider, a button or a tab is no such place: on this page keys drive and stop.
 * The application around may have its fields in shadow roots, which the event's `target` does not tell.
 */
export function isTextField(event: Event): boolean {
  return elementsOf(event).some((element) => element.matches(fields));
}

/** The same, or a custom element whose closed shadow root may hold such a field: what is typed there must not drive. */
export function mayBeTextField(event: Event): boolean {
  const [innermost] = elementsOf(event);
  return isTextField(event) || (innermost?.localName.includes("-") ?? false);
}
