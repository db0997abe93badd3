import "../../styles/features/notifications.css";
import { Volume2 } from "lucide";
import { useState } from "preact/hooks";
import { notifiedKinds } from "../../../../utils/contract/notification-defaults.ts";
import type { UpdateNotificationPreferencesInput } from "../../../../utils/contract/schemas/notification-preferences.ts";
import { type ApiError, toApiError } from "../../api.ts";
import { ta } from "../../locales/account/index.ts";
import { tn } from "../../locales/notifications/index.ts";
import { Done, Trouble } from "../../shared/ui/form.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { Skeleton } from "../../shared/ui/skeleton.tsx";
import { Switch } from "../../shared/ui/switch.tsx";
import { preferences } from "../notifications/notification-preferences.ts";
import { changePreferences } from "../notifications/notification-preferences-sync.ts";
import { PauseChoices, QuietState } from "../notifications/pause-choices.tsx";
import { playSound } from "../notifications/sound.ts";
import { QuietHours } from "./quiet-hours.tsx";
import { RoomLevels } from "./room-levels.tsx";
import { Section } from "./section.tsx";

/** Saves every change immediately, and tracks the result. */
function useChange() {
  const [outcome, setOutcome] = useState<ApiError | "saved" | null>(null);
  const change = (next: UpdateNotificationPreferencesInput) => {
    setOutcome(null);
    void changePreferences(next).then(
      () => setOutcome("saved"),
      (error: unknown) => setOutcome(toApiError(error)),
    );
  };
  return { change, outcome };
}

/** Renders the notification settings: kinds, sounds, and quiet hours. */
export function NotificationSettings() {
  const { change, outcome } = useChange();
  const chosen = preferences.value;
  if (!chosen) return <Skeleton lines={6} />;
  return (
    <>
      <Section id="pause" title={tn("doNotDisturb")} text={tn("pauseHint")}>
        <QuietState />
        <PauseChoices />
        <QuietHours chosen={chosen.quietHours} onChange={(quietHours) => change({ quietHours })} />
      </Section>
      <Section id="alerts" title={tn("alerts")}>
        <div class="form">
          <Switch label={tn("toasts")} hint={tn("toastsHint")} isOn={chosen.toasts} onChange={(toasts) => change({ toasts })} />
          <Switch label={tn("sound")} hint={tn("soundHint")} isOn={chosen.sound} onChange={(sound) => change({ sound })} />
          {chosen.sound && (
            <button type="button" class="button button-quiet" onClick={() => void playSound()}>
              <Icon icon={Volume2} size={16} /> {tn("playSound")}
            </button>
          )}
        </div>
      </Section>
      <Section id="kinds" title={tn("about")}>
        <div class="form">
          {notifiedKinds.map((kind) => (
            <Switch key={kind} label={tn(kind)} isOn={chosen.kinds[kind]} onChange={(isOn) => change({ kinds: { [kind]: isOn } })} />
          ))}
        </div>
      </Section>
      <Trouble refusal={outcome === "saved" ? null : outcome} />
      <Done text={outcome === "saved" ? ta("saved") : null} />
      <RoomLevels />
    </>
  );
}
