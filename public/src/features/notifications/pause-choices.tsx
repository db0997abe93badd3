import "../../styles/features/notifications.css";
import { BellOff } from "lucide";
import { timeOf } from "../../locales/index.ts";
import { tn } from "../../locales/notifications/index.ts";
import { Trouble } from "../../shared/ui/form.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { useAction } from "../../shared/ui/use-action.ts";
import { isQuietNow, preferences } from "./notification-preferences.ts";
import { changePreferences } from "./notification-preferences-sync.ts";
import { type Pause, pausesFrom, quietOf } from "./pauses.ts";

function labelOf({ id, until }: Pause, now: Date): string {
  if (id !== "morning") return tn(id === "hour" ? "forHour" : "forHalfHour");
  return tn(until.getDate() === now.getDate() ? "untilToday" : "untilTomorrow", { time: timeOf(until) });
}

/** Formats a time such as "08:00" in the interface language. */
const clockTime = (time: string): string => timeOf(new Date(`2000-01-01T${time}`));

const untilWhen = (until: Date, now: Date): string =>
  until.getDate() === now.getDate()
    ? timeOf(until)
    : new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", hour: "numeric", minute: "2-digit" }).format(until);

/** Shows that notifications are paused, and until when; empty while they are not. */
export function QuietState() {
  const chosen = preferences.value;
  const now = new Date();
  const quiet = chosen && isQuietNow.value ? quietOf(chosen, now) : null;
  return (
    <p class="quiet-state" role="status">
      {quiet && (
        <>
          <Icon icon={BellOff} size={15} />
          <span>
            {quiet.kind === "pause"
              ? tn("quietUntil", { time: untilWhen(quiet.until, now) })
              : tn("quietHoursNow", { time: clockTime(quiet.to) })}
          </span>
        </>
      )}
    </p>
  );
}

/** Pauses notifications for a while, or ends the pause. */
export function PauseChoices({ onDone }: { onDone?: () => void }) {
  const now = new Date();
  const pause = useAction(async (until: Date | null) => {
    await changePreferences({ pausedUntil: until?.toISOString() ?? null });
    onDone?.();
  });
  const isPaused = isQuietNow.value && preferences.value !== null && quietOf(preferences.value, now)?.kind === "pause";
  return (
    <fieldset class="pause-choices">
      <legend class="sr-only">{tn("doNotDisturb")}</legend>
      {pausesFrom(now).map((one) => (
        <button key={one.id} type="button" class="button button-quiet" onClick={() => void pause.act(one.until)}>
          {labelOf(one, now)}
        </button>
      ))}
      <button type="button" class="button button-quiet" disabled={!isPaused} onClick={() => void pause.act(null)}>
        {tn("turnOff")}
      </button>
      <Trouble refusal={pause.refusal} />
    </fieldset>
  );
}
