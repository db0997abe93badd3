import type { ActionDto } from "../../../../../utils/contract/schemas/moderation/actions.ts";
import type { CaseDetailDto } from "../../../../../utils/contract/schemas/moderation/cases.ts";
import { isolated, number } from "../../../locales/index.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { shownName } from "../../../shared/text/shown-name.ts";
import { Mark, PersonName } from "../../people/person.tsx";
import { ActionLine } from "../actions/action-line.tsx";
import { Ago } from "../moment.tsx";
import { CaseState, titleOf } from "../queue/case-row.tsx";
import { reasonName } from "../texts.ts";
import { opened, reloadCase } from "./case-state.ts";
import { casePath } from "./decisions.ts";

/** Lists who reported it and why. Moderators only. */
export const Reports = ({ detail }: { detail: CaseDetailDto }) => (
  <section class="mod-part" aria-labelledby="mod-reports">
    <h3 id="mod-reports">{tc("modReports")}</h3>
    {detail.reports.length === 0 && <p class="mod-dim">{tc("modNoReports")}</p>}
    {detail.reports.length > 0 && (
      <ul class="mod-list">
        {detail.reports.map(({ reporter, reason, text, createdAt }) => (
          <li key={`${reporter.id} ${createdAt}`} class="mod-report">
            <p class="mod-message-head">
              <strong>{reasonName(reason)}</strong>
              <PersonName who={reporter} look="person-name" />
              <Mark who={reporter} />
              <Ago at={createdAt} />
            </p>
            {text && (
              <p class="mod-quote" dir="auto">
                {text}
              </p>
            )}
          </li>
        ))}
      </ul>
    )}
  </section>
);

/** Shows an action after it was undone, until the case has been loaded again. */
function onUndone(action: ActionDto): void {
  const now = opened.peek();
  if (now?.detail) {
    const swap = (all: readonly ActionDto[]) => all.map((one) => (one.id === action.id ? action : one));
    const { record, actions } = now.detail;
    opened.value = { ...now, detail: { ...now.detail, actions: swap(actions), record: { ...record, actions: swap(record.actions) } } };
  }
  reloadCase();
}

const Actions = ({ actions }: { actions: readonly ActionDto[] }) => (
  <ul class="mod-list">
    {actions.map((action) => (
      <ActionLine key={action.id} action={action} onChange={onUndone} />
    ))}
  </ul>
);

/** Lists the actions that were taken in the case. */
export const CaseActions = ({ detail }: { detail: CaseDetailDto }) =>
  detail.actions.length === 0 ? null : (
    <section class="mod-part" aria-labelledby="mod-actions">
      <h3 id="mod-actions">{tc("modActions")}</h3>
      <Actions actions={detail.actions} />
    </section>
  );

/** Shows what is known about the user: earlier reports and actions. */
export function SubjectRecord({ detail }: { detail: CaseDetailDto }) {
  const { subject, record, actions } = detail;
  if (!subject) return null;
  const here = new Set(actions.map(({ id }) => id));
  const earlier = record.actions.filter(({ id }) => !here.has(id));
  const isClean = earlier.length === 0 && record.reportsUpheld + record.reportsRejected === 0;
  return (
    <section class="mod-part" aria-labelledby="mod-record">
      <h3 id="mod-record">{tc("modRecord", { name: isolated(shownName(subject)) })}</h3>
      {isClean && <p class="mod-dim">{tc("modRecordNone")}</p>}
      {!isClean && (
        <dl class="mod-counts">
          <div>
            <dt>{tc("modUpheld")}</dt>
            <dd>{number(record.reportsUpheld)}</dd>
          </div>
          <div>
            <dt>{tc("modRejected")}</dt>
            <dd>{number(record.reportsRejected)}</dd>
          </div>
        </dl>
      )}
      {earlier.length > 0 && <Actions actions={earlier} />}
    </section>
  );
}

/** Links to other recent cases about the same user. */
export const RelatedCases = ({ detail }: { detail: CaseDetailDto }) =>
  detail.relatedCases.length === 0 ? null : (
    <section class="mod-part" aria-labelledby="mod-related">
      <h3 id="mod-related">{tc("modRelated")}</h3>
      <ul class="mod-list">
        {detail.relatedCases.map((one) => (
          <li key={one.id}>
            <a class="mod-related" href={casePath(one.id)}>
              <span>
                <strong>{tc("modNumber", { number: number(one.number) })}</strong> {titleOf(one)}
              </span>
              <CaseState one={one} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
