import { Copy } from "lucide";
import { ta } from "../../locales/account/index.ts";
import { t } from "../../locales/index.ts";
import { Icon } from "./icon.tsx";
import { useCopy } from "./use-copy.ts";

/** Renders a button that copies a text to the clipboard and confirms it. */
export function CopyButton({ text, isPlain = false }: { text: string; isPlain?: boolean }) {
  const { isCopied, copy } = useCopy();
  return (
    <button type="button" class={isPlain ? "text-button" : "button button-quiet"} onClick={() => copy(text)}>
      <Icon icon={Copy} size={isPlain ? 14 : 16} /> <span role="status">{isCopied ? t("copied") : ta("copy")}</span>
    </button>
  );
}
