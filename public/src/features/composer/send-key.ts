type Press = Pick<KeyboardEvent, "key" | "isComposing" | "keyCode" | "shiftKey" | "altKey" | "ctrlKey" | "metaKey">;

/** Whether this key press sends. While an input method composes, Enter belongs to it (229 where `isComposing` comes too late). */
export function sends(press: Press, enterSends: boolean): boolean {
  if (press.key !== "Enter" || press.isComposing || press.keyCode === 229) return false;
  if (press.shiftKey || press.altKey) return false;
  return enterSends || press.ctrlKey || press.metaKey;
}
