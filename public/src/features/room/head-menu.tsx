import "../../styles/features/head-menu.css";
import { EllipsisVertical, type IconNode } from "lucide";
import { useState } from "preact/hooks";
import { t } from "../../locales/index.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Panel } from "../../shared/ui/panel.tsx";
import { LevelChoice } from "./level-menu.tsx";

export type HeadAction = { readonly id: string; readonly icon: IconNode; readonly label: string; readonly run: () => void };

type HeadMenuProps = { roomId: string; title: string; about?: string | null; actions: readonly HeadAction[] };

/** Manages whether the details of a room or conversation are open. */
export function useHeadMenu() {
  const [isOpen, setOpen] = useState(false);
  return { isOpen, open: () => setOpen(true), close: () => setOpen(false) };
}

/**
 * Collects what a wide header shows as icons behind one button in a narrow header: the name needs the space. Another control may open it
 * too, with the state that `useHeadMenu` returns.
 */
export function HeadMenu({ roomId, title, about, actions, menu }: HeadMenuProps & { menu: ReturnType<typeof useHeadMenu> }) {
  return (
    <>
      <button
        type="button"
        class="icon-button"
        aria-label={t("details")}
        title={t("details")}
        aria-haspopup="dialog"
        aria-expanded={menu.isOpen}
        onClick={menu.open}
      >
        <Icon icon={EllipsisVertical} size={20} />
      </button>
      {menu.isOpen && (
        <Panel title={title} kind="sheet" onClose={menu.close}>
          <div class="head-menu">
            {about && (
              <p class="head-menu-about" dir="auto">
                {about}
              </p>
            )}
            <ul>
              {actions.map(({ id, icon, label, run }) => (
                <li key={id}>
                  <button
                    type="button"
                    class="menu-item"
                    data-action={id}
                    onClick={() => {
                      menu.close();
                      run();
                    }}
                  >
                    <Icon icon={icon} size={18} />
                    <span>{label}</span>
                  </button>
                </li>
              ))}
            </ul>
            <LevelChoice roomId={roomId} name="level-in-details" />
          </div>
        </Panel>
      )}
    </>
  );
}
