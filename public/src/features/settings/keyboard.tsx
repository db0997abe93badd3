import { t } from "../../locales/index.ts";
import { KeyList } from "../../shared/keyboard/key-map.tsx";
import { changeSettings, isTouch, settings } from "../../shared/state/settings.ts";
import { Switch } from "../../shared/ui/switch.tsx";

const EnterChoice = () => (
  <Switch
    label={t("enterSends")}
    hint={t("enterSendsHint")}
    isOn={settings.value.enterSends}
    onChange={(enterSends) => changeSettings({ enterSends })}
  />
);

/** Renders the choice of the key that sends, and the list of all shortcuts. */
export const Keyboard = () => (
  <>
    {!isTouch.value && (
      <section class="settings-section">
        <EnterChoice />
      </section>
    )}
    <section class="settings-section">
      <KeyList />
    </section>
  </>
);
