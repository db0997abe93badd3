import { Download, Printer } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { ta } from "../../../locales/account/index.ts";
import { t } from "../../../locales/index.ts";
import { CopyButton } from "../../../shared/ui/copy-button.tsx";
import { Icon } from "../../../shared/ui/icon.tsx";
import { me } from "../../session/me.ts";

const textOf = (codes: readonly string[]): string =>
  `${t("product")}: ${ta("codesTitle")} (${me.peek()?.username ?? ""})\n\n${codes.join("\n")}\n`;

/** Downloads the codes as a file, without another request. */
function save(codes: readonly string[]): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([textOf(codes)], { type: "text/plain;charset=utf-8" }));
  link.download = "recovery-codes.txt";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Shows the recovery codes, which are shown only once. */
export function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <div class="codes printed">
      <h3 ref={title} tabIndex={-1}>
        {ta("codesTitle")}
      </h3>
      <p>{ta("codesText")}</p>
      <ol class="codes-list">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div class="form-actions not-printed">
        <CopyButton text={textOf(codes)} />
        <button type="button" class="button button-quiet" onClick={() => window.print()}>
          <Icon icon={Printer} size={16} /> {ta("print")}
        </button>
        <button type="button" class="button button-quiet" onClick={() => save(codes)}>
          <Icon icon={Download} size={16} /> {ta("download")}
        </button>
        <button type="button" class="button button-main" onClick={onKept}>
          {ta("codesSaved")}
        </button>
      </div>
    </div>
  );
}
