import "../../styles/form.css";
import "../../styles/features/settings.css";
import "../../styles/features/moderation-people.css";
import { UserRound } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { NotificationDto } from "../../../../utils/contract/schemas/notifications.ts";
import { explain } from "../../locales/index.ts";
import { partTitle } from "../../shared/state/page-title.ts";
import { Notice } from "../../shared/ui/notice.tsx";
import { Skeleton } from "../../shared/ui/skeleton.tsx";
import { notifications } from "../notifications/notifications.ts";
import { readNotifications } from "../notifications/notifications-sync.ts";
import { NextStep } from "../room/access-cta.tsx";
import { sessionPhase } from "../session/session.ts";
import { SettingsLayout } from "../settings/settings-layout.tsx";

type RecordPageProps = {
  title: string;
  /** The kinds of notifications that the page shows completely: they are read with it. */
  reads: readonly NotificationDto["kind"][];
  children: ComponentChildren;
};

/** Marks the notifications as read whose subjects the page shows. */
function useReading(kinds: RecordPageProps["reads"]): void {
  const unread = notifications.value.filter((one) => one.readAt === null && kinds.includes(one.kind)).map(({ id }) => id);
  useEffect(() => readNotifications(unread), [unread.join()]);
}

function Inside({ title, reads, children }: RecordPageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useReading(reads);
  useEffect(() => {
    partTitle.value = title;
    heading.current?.focus({ preventScroll: true });
    return () => {
      partTitle.value = null;
    };
  }, [title]);
  return (
    <div class="record">
      <h1 ref={heading} class="settings-title" tabIndex={-1}>
        {title}
      </h1>
      {children}
    </div>
  );
}

/** Renders a page with records about the current user, which needs a session; banned users can open it too. */
export function RecordPage(props: RecordPageProps) {
  return (
    <SettingsLayout isList={false}>
      {sessionPhase.value === "unknown" && <Skeleton lines={6} />}
      {sessionPhase.value === "active" && <Inside {...props} />}
      {(sessionPhase.value === "none" || sessionPhase.value === "ended") && (
        <Notice isPage icon={UserRound} title={props.title} text={explain("unauthenticated")}>
          <NextStep code="account_required" />
        </Notice>
      )}
    </SettingsLayout>
  );
}
