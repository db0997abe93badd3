import type { RestrictionDto } from "../../../../utils/contract/schemas/auth.ts";
import { tm } from "../../locales/moderation/index.ts";
import { explainRestriction } from "../../locales/moderation/restrictions.ts";

/** Describes the mute because of which a message was not sent, with a link to the decision. */
export const MuteText = ({ mute }: { mute: RestrictionDto }) => (
  <>
    {explainRestriction("muted", mute)}{" "}
    <a class="text-button" href="/me/moderation">
      {tm("sanctionSee")}
    </a>
  </>
);
