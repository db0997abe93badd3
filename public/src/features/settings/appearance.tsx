import { ta } from "../../locales/account/index.ts";
import { changeSettings, settings, themes } from "../../shared/state/settings.ts";
import { themeTitle } from "./titles.ts";

/** Renders the appearance settings of this browser. */
export const Appearance = () => (
  <section class="settings-section">
    <fieldset class="choice">
      <legend>{ta("appearanceText")}</legend>
      <div class="choice-row">
        {themes.map((theme) => (
          <label key={theme} class="choice-one">
            <input
              type="radio"
              name="theme"
              class="sr-only"
              checked={settings.value.theme === theme}
              onChange={() => changeSettings({ theme })}
            />
            <span class="choice-name">{themeTitle(theme)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  </section>
);
