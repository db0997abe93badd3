import { Download, FileArchive, LoaderCircle } from "lucide";
import { useEffect } from "preact/hooks";
import type { DataExportDto } from "../../../../../utils/contract/schemas/privacy.ts";
import { ta } from "../../../locales/account/index.ts";
import { formatTime, sizeOf } from "../../../locales/index.ts";
import { Trouble } from "../../../shared/ui/form.tsx";
import { Icon } from "../../../shared/ui/icon.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { may } from "../../session/me.ts";
import { Section } from "../section.tsx";
import { Deletion } from "./deletion.tsx";
import { followExport, lastExport, startExport } from "./export.ts";

function Copy({ copy }: { copy: DataExportDto }) {
  if (copy.state === "waiting")
    return (
      <p class="copy copy-waiting">
        <Icon icon={LoaderCircle} size={20} />
        <span>{ta("exportWaiting")}</span>
      </p>
    );
  if (copy.state !== "ready" || !copy.downloadUrl)
    return <p class="copy">{ta(copy.state === "failed" ? "exportFailed" : "exportExpired")}</p>;
  const until = copy.expiresAt ? formatTime(new Date(copy.expiresAt)) : "";
  return (
    <div class="copy copy-ready">
      <Icon icon={FileArchive} size={24} />
      <p>
        <strong>{ta("exportReady")}</strong>
        <small>{ta("exportUntil", { size: sizeOf(copy.sizeBytes ?? 0), time: until })}</small>
      </p>
      <a class="button button-main" href={copy.downloadUrl} download>
        <Icon icon={Download} size={18} /> {ta("download")}
      </a>
    </div>
  );
}

function Export() {
  const copy = lastExport.value;
  const start = useAction(startExport);
  useEffect(followExport, []);
  return (
    <Section id="export" title={ta("exportTitle")} text={ta("exportText")}>
      <div role="status">{copy && <Copy copy={copy} />}</div>
      <Trouble refusal={start.refusal} />
      {copy?.state !== "waiting" && (
        <button
          type="button"
          class={copy?.state === "ready" ? "button button-quiet" : "button button-main"}
          aria-disabled={start.isBusy}
          onClick={() => void start.act()}
        >
          {ta("exportStart")}
        </button>
      )}
    </Section>
  );
}

/** Renders the data export and the account deletion. */
export const Data = () => (
  <>
    {may("export_data") && <Export />}
    {may("delete_account") && <Deletion />}
  </>
);
