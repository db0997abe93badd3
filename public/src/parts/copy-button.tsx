import { Copy } from "lucide";
import { useState } from "preact/hooks";
import { ta } from "../locales/account/index.ts";
import { t } from "../locales/index.ts";
import { Icon } from "./icon.tsx";

/** Puts a text on the clipboard, and says so. */
export function CopyButton({ text, isPlain = false }: { text: string; isPlain?: boolean }) {
  const [isCopied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => undefined,
    );
  return (
    <button type="button" class={isPlain ? "text-button" : "button button-quiet"} onClick={copy}>
      <Icon icon={Copy} size={isPlain ? 14 : 16} /> <span role="status">{isCopied ? t("copied") : ta("copy")}</span>
    </button>
  );
}
