import type { ComponentChildren } from "preact";
import type { ActionDto } from "../../../../utils/contract/schemas/moderation/actions.ts";
import type { AppealDto } from "../../../../utils/contract/schemas/moderation/appeals.ts";
import { formatTime } from "../../locales/index.ts";
import { tm } from "../../locales/moderation/index.ts";
import { ruleName } from "../../locales/moderation/rules.ts";
import { now } from "../../shared/state/clock.ts";
import { State } from "../settings/section.tsx";
import { type ActionState, actionState, isRestriction } from "./action-state.ts";
import { actionMeaning, actionTitle, scopeName } from "./action-text.ts";
import { AppealPart } from "./appeal-part.tsx";

const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

const Moment = ({ at }: { at: string }) => <time dateTime={at}>{formatTime(new Date(at))}</time>;

function Facts({ action }: { action: ActionDto }) {
  const { rule, scope, createdAt, expiresAt, isAutomatic } = action;
  return (
    <dl class="record-facts">
      <Fact name={tm("sanctionRule")}>{ruleName(rule)}</Fact>
      <Fact name={tm("sanctionWhere")}>
        <bdi>{scopeName(scope)}</bdi>
      </Fact>
      <Fact name={tm("sanctionWhen")}>
        <Moment at={createdAt} />
      </Fact>
      {isRestriction(action) && (
        <Fact name={tm("sanctionUntil")}>{expiresAt === null ? tm("sanctionForever") : <Moment at={expiresAt} />}</Fact>
      )}
      <Fact name={tm("sanctionBy")}>{tm(isAutomatic ? "sanctionAutomatic" : "sanctionByModerator")}</Fact>
    </dl>
  );
}

const states = {
  active: { name: "sanctionActive", sign: "waiting" },
  ended: { name: "sanctionEnded", sign: "off" },
  reverted: { name: "sanctionReverted", sign: "good" },
} as const satisfies Record<Exclude<ActionState, "done">, unknown>;

type ActionCardProps = {
  action: ActionDto;
  appeal: AppealDto | null;
  onAppealed: (appeal: AppealDto) => void;
  /** Called if the server knows a newer state. */
  onOutdated: () => void;
};

/** Renders one decision: what, why, where, until when, by whom, and the appeal against it. */
export function ActionCard({ action, appeal, onAppealed, onOutdated }: ActionCardProps) {
  const state = actionState(action, now.value);
  const isOver = state === "ended" || state === "reverted";
  return (
    <li class="record-card" id={action.id}>
      <div class="record-head">
        <h2>{actionTitle(action)}</h2>
        {state !== "done" && <State is={states[state].sign}>{tm(states[state].name)}</State>}
      </div>
      {!isOver && <p>{actionMeaning(action)}</p>}
      <Facts action={action} />
      {action.text && (
        <div>
          <h3 class="record-label">{tm("sanctionReason")}</h3>
          <blockquote class="record-quote" dir="auto">
            {action.text}
          </blockquote>
        </div>
      )}
      <AppealPart action={action} appeal={appeal} onAppealed={onAppealed} onOutdated={onOutdated} />
    </li>
  );
}
