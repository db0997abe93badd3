import { t } from "../../locales/index.ts";
import { tt } from "../../locales/room/index.ts";
import { showing } from "../state/dialogs.ts";
import { settings } from "../state/settings.ts";
import { Panel } from "../ui/panel.tsx";

const modifier = (): string => (/Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl");

/** Lists all keyboard shortcuts. */
export function KeyList({ canScroll = false }: { canScroll?: boolean }) {
  const enterSends = settings.value.enterSends;
  const keys: [string[], string][] = [
    [[modifier(), "K"], t("keyRooms")],
    [["Alt", "↑ ↓"], t("keyNextRoom")],
    [["/"], t("keySearch")],
    [["Alt", "Shift", "↑ ↓"], t("keyUnread")],
    [["F6"], tt("keyRegion")],
    [["Shift", "F6"], tt("keyRegionBack")],
    [["N"], t("keyNextUnread")],
    [["↑ ↓"], t("keyMove")],
    [["→ ←"], tt("keyControls")],
    [["Enter"], tt("keyActions")],
    [["R"], tt("keyReply")],
    [["E"], tt("keyEdit")],
    [["+"], tt("keyReact")],
    [["Esc"], t("keyClose")],
    [enterSends ? ["Enter"] : [modifier(), "Enter"], t("keySend")],
    [enterSends ? ["Shift", "Enter"] : ["Enter"], t("keyNewLine")],
    [["↑"], tt("keyEditLast")],
    [["@", ":"], tt("keyInsert")],
    [["?"], t("keyList")],
  ];
  return (
    <dl class="keys" {...(canScroll ? { tabIndex: 0 } : {})}>
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
  );
}

/** Shows the list as a dialog, which scrolls by keys where it is not high enough. */
export const KeyMap = () => (
  <Panel
    title={t("keys")}
    kind="sheet"
    onClose={() => {
      showing.value = null;
    }}
  >
    <KeyList canScroll />
  </Panel>
);
