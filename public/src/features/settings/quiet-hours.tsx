import { useEffect, useState } from "preact/hooks";
import type { QuietHours as QuietHoursDto } from "../../../../utils/contract/schemas/notification-preferences.ts";
import { tn } from "../../locales/notifications/index.ts";
import { Switch } from "../../shared/ui/switch.tsx";

type TimeProps = { id: string; label: string; value: string; onChange: (value: string) => void };

const Time = ({ id, label, value, onChange }: TimeProps) => (
  <label class="quiet-time" for={id}>
    <span>{label}</span>
    <input id={id} type="time" class="field" required value={value} onInput={(event) => onChange(event.currentTarget.value)} />
  </label>
);

const hereZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const DEFAULT_FROM = "22:00";
const DEFAULT_TO = "08:00";

type Period = Pick<QuietHoursDto, "from" | "to">;

function Times({ chosen, onChange }: { chosen: QuietHoursDto; onChange: (next: QuietHoursDto) => void }) {
  const [period, setPeriod] = useState<Period>(chosen);
  const { timeZone } = chosen;
  const { from, to } = period;
  // They may be changed on another device too.
  useEffect(() => setPeriod(chosen), [chosen.from, chosen.to]);
  const change = (part: Partial<Period>) => {
    const next = { from, to, ...part };
    setPeriod(next);
    if (next.from !== "" && next.to !== "" && next.from !== next.to) onChange({ from: next.from, to: next.to, timeZone });
  };
  return (
    <div class="quiet-hours">
      <Time id="quiet-from" label={tn("from")} value={from} onChange={(value) => change({ from: value })} />
      <Time id="quiet-to" label={tn("to")} value={to} onChange={(value) => change({ to: value })} />
      <p class="form-hint">
        {tn("zone", { zone: timeZone })}
        {timeZone !== hereZone() && (
          <button type="button" class="text-button" onClick={() => onChange({ ...chosen, timeZone: hereZone() })}>
            {tn("useZone", { zone: hereZone() })}
          </button>
        )}
      </p>
      <div role="alert">{from === to && <p class="form-error">{tn("sameTimes")}</p>}</div>
    </div>
  );
}

type QuietHoursProps = { chosen: QuietHoursDto | null; onChange: (next: QuietHoursDto | null) => void };

/** Renders a daily time without toasts and sounds, in the time zone in which it was set. */
export const QuietHours = ({ chosen, onChange }: QuietHoursProps) => (
  <div class="form">
    <Switch
      label={tn("quietHours")}
      hint={tn("quietHoursHint")}
      isOn={chosen !== null}
      onChange={(isOn) => onChange(isOn ? { from: DEFAULT_FROM, to: DEFAULT_TO, timeZone: hereZone() } : null)}
    />
    {chosen && <Times chosen={chosen} onChange={onChange} />}
  </div>
);
