import { MessageSquareWarning } from "lucide";
import { useEffect, useState } from "preact/hooks";
import type { ActionDto } from "../../../../../utils/contract/schemas/moderation/actions.ts";
import type { AppealDto } from "../../../../../utils/contract/schemas/moderation/appeals.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { onConnected } from "../../../shared/connection/connection.ts";
import { Notice } from "../../../shared/ui/notice.tsx";
import { listAppeals } from "../api.ts";
import { Choices } from "../fields.tsx";
import { PageList } from "../page-list.tsx";
import { usePages } from "../use-pages.ts";
import { Appeal } from "./appeal.tsx";
import { findActions } from "./find-actions.ts";

const states = [
  { value: "open", text: "modAppealsOpen" },
  { value: "upheld", text: "modAppealsUpheld" },
  { value: "reversed", text: "modAppealsReversed" },
] as const;

/** Loads the actions that appeals are against; null for those that can't be found. */
function useActions(appeals: readonly AppealDto[] | null) {
  const [known, setKnown] = useState<ReadonlyMap<string, ActionDto | null>>(new Map());
  const missing = (appeals ?? []).map(({ actionId }) => actionId).filter((id) => !known.has(id));
  const key = missing.join(" ");
  useEffect(() => {
    if (key === "") return;
    const ids = key.split(" ");
    void findActions(ids)
      .catch(() => new Map<string, ActionDto>())
      .then((found) => setKnown((before) => new Map([...before, ...ids.map((id) => [id, found.get(id) ?? null] as const)])));
  }, [key]);
  return known;
}

/** Lists the appeals in one state; open ones can be decided. */
export function Appeals() {
  const [state, setState] = useState<AppealDto["state"]>("open");
  const pages = usePages(listAppeals, { state });
  const actions = useActions(pages.items);
  useEffect(() => {
    const end = onConnected(pages.reload);
    return () => void end();
  }, [state]);
  const swap = (next: AppealDto) => pages.change((all) => all.map((one) => (one.id === next.id ? next : one)));
  return (
    <>
      <header class="mod-page-head">
        <h2>{tc("modAppeals")}</h2>
      </header>
      <Choices
        name="appeals"
        legend={tc("modAppealsState")}
        options={states.map(({ value, text }) => ({ value, label: tc(text) }))}
        chosen={state}
        onChange={setState}
      />
      <PageList
        pages={pages}
        empty={
          state === "open" ? (
            <Notice icon={MessageSquareWarning} title={tc("modAppealsEmpty")} text={tc("modAppealsEmptyText")} />
          ) : (
            <Notice icon={MessageSquareWarning} title={tc("modAppealsNone")} />
          )
        }
      >
        {(items) => (
          <ul class="mod-appeals">
            {items.map((appeal) => (
              <Appeal key={appeal.id} appeal={appeal} action={actions.get(appeal.actionId)} onChange={swap} onReload={pages.reload} />
            ))}
          </ul>
        )}
      </PageList>
    </>
  );
}
