import { ta } from "../../locales/account/index.ts";
import { locales, speak, t } from "../../locales/index.ts";
import { changeSettings, settings } from "../../shared/state/settings.ts";

const changeLocale = (code: string): void => {
  changeSettings({ locale: code === "" ? null : code });
  void speak();
};

/** Renders the choice of this browser's interface language. */
export const Language = () => (
  <section class="settings-section">
    <label class="setting">
      <span>{ta("languageText")}</span>
      <select class="field" value={settings.value.locale ?? ""} onChange={(event) => changeLocale(event.currentTarget.value)}>
        <option value="">{t("languageAuto")}</option>
        {Object.entries(locales).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </label>
  </section>
);
