import type { RecordPage } from "../../shared/state/route.ts";
import { MyReports } from "../report/my-reports.tsx";
import { ban } from "../session/me.ts";
import { OwnActions } from "./own-actions.tsx";
import { SiteBan } from "./site-ban.tsx";

/** Renders the user's reports, the decisions about them, or, without a page, why they are banned. */
export function OwnRecord({ page }: { page: RecordPage | null }) {
  if (page === "reports") return <MyReports />;
  if (page === "moderation") return <OwnActions />;
  return ban.value && <SiteBan ban={ban.value} />;
}
