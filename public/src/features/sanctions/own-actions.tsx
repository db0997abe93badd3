import { Scale } from "lucide";
import { useState } from "preact/hooks";
import type { AppealDto } from "../../../../utils/contract/schemas/moderation/appeals.ts";
import { ask } from "../../api.ts";
import { t } from "../../locales/index.ts";
import { tm } from "../../locales/moderation/index.ts";
import { everyPage } from "../../shared/state/pages.ts";
import { Notice } from "../../shared/ui/notice.tsx";
import { ban, me } from "../session/me.ts";
import { currentUser, signOut } from "../session/session.ts";
import { ActionCard } from "./action-card.tsx";
import { RecordList } from "./record-list.tsx";
import { RecordPage } from "./record-page.tsx";
import { useRecords } from "./use-records.ts";

/** The appeals of a user are few: one per decision. */
const MOST_PAGES = 10;

const loadAppeals = () => everyPage((query) => ask("listAppeals", `/api/moderation/appeals?${query}`, { bearer: true }), MOST_PAGES);

/** What banned users can do besides appealing. */
const WhileBanned = () => (
  <div class="record-banned">
    <a class="button button-quiet" href="/settings/data">
      {t("toData")}
    </a>
    <button type="button" class="button button-quiet" onClick={() => void signOut()}>
      {t("signOut")}
    </button>
  </div>
);

function Actions() {
  const [appeals, setAppeals] = useState<ReadonlyMap<string, AppealDto>>(new Map());
  const records = useRecords(async (query) => {
    const userId = currentUser.peek()?.id ?? "";
    const [page, own] = await Promise.all([
      ask("listActions", `/api/moderation/actions?userId=${userId}&${query}`, { bearer: true }),
      loadAppeals(),
    ]);
    // Staff who open their own list get the appeals of others too; those belong to other actions.
    setAppeals(new Map(own.map((one) => [one.actionId, one])));
    return page;
  });
  return (
    <RecordList
      records={records}
      failed={tm("sanctionsFailed")}
      none={<Notice icon={Scale} title={tm("sanctionsNone")} text={tm("sanctionsNoneHint")} />}
    >
      {records.items.map((action) => (
        <ActionCard
          key={action.id}
          action={action}
          appeal={appeals.get(action.id) ?? null}
          onAppealed={(appeal) => setAppeals((before) => new Map(before).set(appeal.actionId, appeal))}
          onOutdated={records.reload}
        />
      ))}
    </RecordList>
  );
}

/** Lists the decisions of the moderation about the user, with the form for an appeal. Banned users can open it. */
export function OwnActions() {
  return (
    <RecordPage title={tm("sanctions")} reads={["moderation", "appeal"]}>
      <p class="record-intro">{tm("sanctionsIntro")}</p>
      {me.value !== null && ban.value !== null && <WhileBanned />}
      <Actions />
    </RecordPage>
  );
}
