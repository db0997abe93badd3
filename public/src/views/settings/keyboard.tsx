import { t } from "../../locales/index.ts";
import { Switch } from "../../parts/switch.tsx";
import { changeSettings, isTouch, settings } from "../../state/settings.ts";
import { KeyList } from "../key-map.tsx";

const EnterChoice = () => (
  <Switch
    label={t("enterSends")}
    hint={t("enterSendsHint")}
    isOn={settings.value.enterSends}
    onChange={(enterSends) => changeSettings({ enterSends })}
  />
);

/** Which key sends, and every other key the page listens to. */
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
