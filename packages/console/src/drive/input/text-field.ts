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

/** Whether keys are typed or chosen with there. A slider, a button or a tab is no such place: on this page keys drive and stop. */
export function isTextField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(fields) !== null;
}
