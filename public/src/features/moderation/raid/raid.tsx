import { ShieldAlert } from "lucide";
import { useEffect, useState } from "preact/hooks";
import type { RaidMeasure, RaidModeDto } from "../../../../../utils/contract/schemas/moderation/raid-mode.ts";
import { aheadOf, formatTime } from "../../../locales/index.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { now } from "../../../shared/state/clock.ts";
import { Form, Submit, Trouble } from "../../../shared/ui/form.tsx";
import { Icon } from "../../../shared/ui/icon.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { mayActOnScope } from "../access.ts";
import { endRaidMode, listRaidModes, startRaidMode } from "../api.ts";
import { Choices, Tick } from "../fields.tsx";
import { say } from "../live-region.tsx";
import { PageList } from "../page-list.tsx";
import { PlaceSelect, widestScope } from "../place-select.tsx";
import { durationName, scopeName } from "../texts.ts";
import { usePages } from "../use-pages.ts";

const MINUTE = 60_000;
const durations: readonly number[] = [15 * MINUTE, 30 * MINUTE, 120 * MINUTE, 1_440 * MINUTE];
const allMeasures: readonly RaidMeasure[] = ["guests_paused", "first_messages_held", "slow_mode", "links_blocked"];

const isActive = ({ endedAt, endsAt }: RaidModeDto, at: number): boolean => endedAt === null && Date.parse(endsAt) > at;

function Start({ onStarted }: { onStarted: (mode: RaidModeDto) => void }) {
  const [scope, setScope] = useState(widestScope);
  const [durationMs, setDuration] = useState(30 * MINUTE);
  const [measures, setMeasures] = useState(allMeasures);
  const [isMissing, setMissing] = useState(false);
  const start = useAction(async () => {
    const place = { kind: scope.kind, ...(scope.id !== null && { id: scope.id }) };
    const mode = await startRaidMode({ scope: place, durationMs, measures: [...measures] });
    say(tc("modRaidStarted"));
    onStarted(mode);
  });
  const submit = () => {
    setMissing(measures.length === 0);
    if (measures.length > 0) void start.act();
  };
  return (
    <div class="mod-card mod-raid-form">
      <Form refusal={start.refusal} onSubmit={submit}>
        <PlaceSelect id="raid-scope" label={tc("modRaidWhere")} chosen={scope} onChange={setScope} />
        <Choices
          name="raid-duration"
          legend={tc("modRaidDuration")}
          options={durations.map((value) => ({ value, label: durationName(value) }))}
          chosen={durationMs}
          onChange={setDuration}
        />
        <fieldset class="mod-also" aria-describedby="raid-measures-error">
          <legend class="form-label">{tc("modRaidMeasures")}</legend>
          {allMeasures.map((measure) => (
            <Tick
              key={measure}
              label={tc(`modRaidMeasure_${measure}`)}
              isOn={measures.includes(measure)}
              onChange={(is) => setMeasures(allMeasures.filter((one) => (one === measure ? is : measures.includes(one))))}
            />
          ))}
          <div id="raid-measures-error" role="alert">
            {isMissing && measures.length === 0 && <p class="form-error">{tc("modRaidMeasureNeeded")}</p>}
          </div>
        </fieldset>
        <Trouble refusal={start.refusal} />
        <div class="form-actions form-danger">
          <Submit isBusy={start.isBusy}>
            <Icon icon={ShieldAlert} size={17} /> {tc("modRaidStart")}
          </Submit>
        </div>
      </Form>
    </div>
  );
}

function Mode({ mode, isOn, onEnded }: { mode: RaidModeDto; isOn: boolean; onEnded: (mode: RaidModeDto) => void }) {
  const end = useAction(async () => {
    await endRaidMode(mode.id);
    say(tc("modRaidEnded"));
    onEnded(mode);
  });
  const endAt = new Date(mode.endedAt ?? mode.endsAt);
  return (
    <li class={isOn ? "mod-raid mod-raid-on" : "mod-raid"}>
      <div class="mod-action-words">
        <p class="mod-action-title">
          <strong>
            <bdi>{scopeName(mode.scope)}</bdi>
          </strong>
          <span class={isOn ? "mod-state mod-state-claimed" : "mod-state mod-state-resolved"}>
            {isOn ? tc("modRaidEnds", { time: aheadOf(endAt) }) : tc("modEnded", { time: aheadOf(endAt) })}
          </span>
        </p>
        <p class="mod-facts">
          <span>{tc(mode.isAutomatic ? "modRaidAutomatic" : "modRaidByPerson")}</span>
          <time dateTime={mode.startedAt}>{formatTime(new Date(mode.startedAt))}</time>
        </p>
        <p class="mod-facts">
          {mode.measures.map((measure) => (
            <span key={measure}>{tc(`modRaidMeasure_${measure}`)}</span>
          ))}
        </p>
        <Trouble refusal={end.refusal} />
      </div>
      {isOn && mayActOnScope(mode.scope) && (
        <button
          type="button"
          class="button button-quiet"
          aria-label={`${tc("modRaidEnd")}: ${scopeName(mode.scope)}`}
          aria-disabled={end.isBusy}
          onClick={() => void end.act()}
        >
          {tc("modRaidEnd")}
        </button>
      )}
    </li>
  );
}

/** Switches raid mode on and off, and lists where it is on. */
export function Raid() {
  const pages = usePages(listRaidModes);
  // Active ones end by themselves.
  const [at, setAt] = useState(now.peek());
  useEffect(() => {
    const timer = setInterval(() => setAt(Date.now()), 20_000);
    return () => clearInterval(timer);
  }, []);
  const onEnded = ({ id }: RaidModeDto) => {
    pages.change((all) => all.map((one) => (one.id === id ? { ...one, endedAt: new Date().toISOString() } : one)));
  };
  return (
    <>
      <header class="mod-page-head">
        <h2>{tc("modRaid")}</h2>
        <p class="mod-dim">{tc("modRaidText")}</p>
      </header>
      <PageList pages={pages} empty={<p class="mod-dim">{tc("modRaidNone")}</p>}>
        {(items) => {
          const parts = [
            { title: tc("modRaidActive"), modes: items.filter((mode) => isActive(mode, at)), isOn: true },
            { title: tc("modRaidPast"), modes: items.filter((mode) => !isActive(mode, at)), isOn: false },
          ];
          return parts
            .filter(({ modes }) => modes.length > 0)
            .map(({ title, modes, isOn }) => (
              <section key={title} class="mod-part">
                <h3>{title}</h3>
                <ul class="mod-list mod-card">
                  {modes.map((mode) => (
                    <Mode key={mode.id} mode={mode} isOn={isOn} onEnded={onEnded} />
                  ))}
                </ul>
              </section>
            ));
        }}
      </PageList>
      <Start onStarted={(mode) => pages.change((all) => [mode, ...all])} />
    </>
  );
}
