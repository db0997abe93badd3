import { FileLock2 } from "lucide";
import { useState } from "preact/hooks";
import type { AuditRowDto } from "../../../../../utils/contract/schemas/moderation/records.ts";
import { number } from "../../../locales/index.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { Field, Form } from "../../../shared/ui/form.tsx";
import { Notice } from "../../../shared/ui/notice.tsx";
import { cachedUser } from "../../people/user-cache.ts";
import { listAudit } from "../api.ts";
import { Moment } from "../moment.tsx";
import { PageList } from "../page-list.tsx";
import { usePages } from "../use-pages.ts";

type Wanted = { action: string; actorId: string; subjectId: string };

const nothing: Wanted = { action: "", actorId: "", subjectId: "" };

const fields = [
  { name: "action", label: "modAuditAction" },
  { name: "actorId", label: "modAuditActor" },
  { name: "subjectId", label: "modAuditSubject" },
] as const;

function Filter({ onSearch }: { onSearch: (wanted: Wanted) => void }) {
  const [wanted, setWanted] = useState(nothing);
  const submit = () => onSearch({ action: wanted.action.trim(), actorId: wanted.actorId.trim(), subjectId: wanted.subjectId.trim() });
  return (
    <Form class="mod-filters mod-audit-filter" onSubmit={submit}>
      {fields.map(({ name, label }) => (
        <Field
          key={name}
          id={`audit-${name}`}
          label={tc(label)}
          value={wanted[name]}
          dir="ltr"
          autocapitalize="none"
          onChange={(value) => setWanted({ ...wanted, [name]: value })}
        />
      ))}
      <button type="submit" class="button button-quiet">
        {tc("modAuditSearch")}
      </button>
    </Form>
  );
}

const actorOf = ({ actorId }: AuditRowDto): string =>
  actorId === null ? tc("modAuditServer") : (cachedUser(actorId)?.displayName ?? actorId);

function Row({ row }: { row: AuditRowDto }) {
  return (
    <li class="mod-audit-row">
      <p class="mod-action-title">
        <code dir="ltr">{row.action}</code>
        <bdi>{actorOf(row)}</bdi>
        <Moment at={row.at} look="mod-dim" />
      </p>
      <details>
        <summary>
          {tc("modAuditRow", { number: number(row.number) })} · <code dir="ltr">{row.hash.slice(0, 12)}</code>
        </summary>
        <dl class="mod-hashes">
          <div>
            <dt>{row.subjectType}</dt>
            <dd dir="ltr">{row.subjectId ?? "–"}</dd>
          </div>
          <div>
            <dt>{tc("modAuditData")}</dt>
            <dd dir="ltr">{JSON.stringify(row.data)}</dd>
          </div>
          <div>
            <dt>{tc("modAuditHash")}</dt>
            <dd dir="ltr">{row.hash}</dd>
          </div>
          <div>
            <dt>{tc("modAuditPrevious")}</dt>
            <dd dir="ltr">{row.previousHash}</dd>
          </div>
        </dl>
      </details>
    </li>
  );
}

/** Lists the rows of the audit log. For admins. */
export function Audit() {
  const [wanted, setWanted] = useState(nothing);
  const pages = usePages(listAudit, wanted);
  return (
    <>
      <header class="mod-page-head">
        <h2>{tc("modAudit")}</h2>
        <p class="mod-dim">{tc("modAuditText")}</p>
      </header>
      <Filter onSearch={setWanted} />
      <PageList pages={pages} empty={<Notice icon={FileLock2} title={tc("modAuditNone")} />}>
        {(items) => (
          <ol class="mod-list mod-card">
            {items.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </ol>
        )}
      </PageList>
    </>
  );
}
