import { t } from "../locales/index.ts";
import { tt } from "../locales/talk/index.ts";
import { Panel } from "../parts/panel.tsx";
import { settings } from "../state/settings.ts";
import { showing } from "../state/showing.ts";

const modifier = (): string => (/Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl");

/** Every key the page listens to. */
export function KeyMap() {
  const enterSends = settings.value.enterSends;
  const keys: [string[], string][] = [
    [[modifier(), "K"], t("keyRooms")],
    [["Alt", "↑ ↓"], t("keyNextRoom")],
    [["/"], t("keySearch")],
    [["Alt", "Shift", "↑ ↓"], t("keyUnread")],
    [["↑ ↓"], t("keyWalk")],
    [["Enter"], tt("keyActions")],
    [["R"], tt("keyReply")],
    [["E"], tt("keyEdit")],
    [["+"], tt("keyReact")],
    [["Esc"], t("keyClose")],
    [enterSends ? ["Enter"] : [modifier(), "Enter"], t("keySend")],
    [enterSends ? ["Shift", "Enter"] : ["Enter"], t("keyLine")],
    [["↑"], tt("keyEditLast")],
    [["@", ":"], tt("keyNames")],
    [["?"], t("keyMap")],
  ];
  return (
    <Panel
      title={t("keys")}
      kind="sheet"
      onClose={() => {
        showing.value = null;
      }}
    >
      <dl class="keys">
        {keys.map(([names, meaning]) => (
          <div key={meaning}>
            <dt>
              {names.map((name) => (
                <kbd key={name} class="key">
                  {name}
                </kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
