import { ScrollText } from "lucide";
import type { LogEntryDto } from "../../../../../utils/contract/schemas/moderation/records.ts";
import { formatTime } from "../../../locales/index.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { Notice } from "../../../shared/ui/notice.tsx";
import { ActionTitle } from "../actions/action-title.tsx";
import { listLog } from "../api.ts";
import { Moment } from "../moment.tsx";
import { PageList } from "../page-list.tsx";
import { roleName } from "../texts.ts";
import { usePages } from "../use-pages.ts";

const whereOf = ({ scope }: LogEntryDto): string => scope.name ?? tc(`modWhere_${scope.kind}`);

function Entry({ entry }: { entry: LogEntryDto }) {
  const { kind, rule, role, isAutomatic, createdAt, expiresAt, revertedAt } = entry;
  return (
    <li class={revertedAt === null ? "mod-action" : "mod-action mod-action-undone"}>
      <div class="mod-action-words">
        <ActionTitle kind={kind} rule={rule} revertedAt={revertedAt} />
        <p class="mod-facts">
          <bdi>{whereOf(entry)}</bdi>
          <span>{tc("modLogRole", { role: roleName(role) })}</span>
          <span>{tc(isAutomatic ? "modAutomatic" : "modByHuman")}</span>
          {expiresAt && revertedAt === null && <span>{tc("modUntil", { time: formatTime(new Date(expiresAt)) })}</span>}
        </p>
      </div>
      <Moment at={createdAt} look="mod-dim" />
    </li>
  );
}

/** Lists what moderators did, without names. Everyone may read it. */
export function PublicLog({ isPage = false }: { isPage?: boolean }) {
  const pages = usePages(listLog);
  const Title = isPage ? "h1" : "h2";
  return (
    <>
      <header class="mod-page-head">
        <Title>{tc("modLog")}</Title>
        <p class="mod-dim">{tc("modLogText")}</p>
      </header>
      <PageList pages={pages} empty={<Notice icon={ScrollText} title={tc("modLogNone")} />}>
        {(items) => (
          <ol class="mod-list mod-card">
            {items.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ol>
        )}
      </PageList>
    </>
  );
}
