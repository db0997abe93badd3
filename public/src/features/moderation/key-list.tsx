import { t } from "../../locales/index.ts";
import { tc } from "../../locales/moderation/console/index.ts";
import { Panel } from "../../shared/ui/panel.tsx";
import { Switch } from "../../shared/ui/switch.tsx";
import { areKeysOn, setKeysOn, showsKeyList } from "./keys.ts";

/** Lists the shortcuts of the console, and turns them off. */
export function KeyList() {
  const keys: [string, string][] = [
    ["J", tc("modKeyNext")],
    ["K", tc("modKeyPrevious")],
    ["C", tc("modClaim")],
    ["D", tc("modDismiss")],
    ["A", tc("modApprove")],
    ["R", tc("modRefuse")],
    ["X", tc("modDo_delete_message")],
    ["M", tc("modDo_mute")],
    ["B", tc("modDo_ban")],
    ["1 – 5", tc("modKeyDuration")],
    ["U", tc("modKeyUndo")],
    ["?", t("keyList")],
  ];
  return (
    <Panel
      title={tc("modKeys")}
      kind="sheet"
      onClose={() => {
        showsKeyList.value = false;
      }}
    >
      <div class="mod-keys">
        <Switch label={tc("modKeysOn")} isOn={areKeysOn.value} onChange={setKeysOn} />
        <dl class="keys" tabIndex={0}>
          {keys.map(([letter, meaning]) => (
            <div key={letter}>
              <dt>
                <kbd class="key">{letter}</kbd>
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Panel>
  );
}
