import "../../styles/features/account.css";
import { UserRoundX } from "lucide";
import { useEffect, useState } from "preact/hooks";
import type { AuthorDto, ProfileDto } from "../../../../utils/contract/schemas/users.ts";
import { type ApiError, ask, toApiError } from "../../api.ts";
import { errorTextOf } from "../../locales/account/errors.ts";
import { ta } from "../../locales/account/index.ts";
import { dateOf, languageNamed } from "../../locales/index.ts";
import { shownPerson } from "../../shared/state/dialogs.ts";
import { Notice } from "../../shared/ui/notice.tsx";
import { Panel } from "../../shared/ui/panel.tsx";
import { may } from "../session/me.ts";
import { currentUser } from "../session/session.ts";
import { Avatar, Mark } from "./person.tsx";
import { ProfileActions } from "./profile-actions.tsx";

const close = (): void => {
  shownPerson.value = null;
};

const Languages = ({ title, codes }: { title: string; codes: readonly string[] }) =>
  codes.length === 0 ? null : (
    <div>
      <dt>{title}</dt>
      <dd>{codes.map(languageNamed).join(", ")}</dd>
    </div>
  );

function About({ profile }: { profile: ProfileDto }) {
  return (
    <>
      {profile.bio && (
        <p class="profile-bio" dir="auto">
          {profile.bio}
        </p>
      )}
      <dl class="profile-facts">
        <Languages title={ta("speaksTitle")} codes={profile.languages} />
        <Languages title={ta("learningTitle")} codes={profile.learning} />
      </dl>
      <p class="profile-since">{ta("memberSince", { date: dateOf(new Date(profile.createdAt)) })}</p>
      <ProfileActions who={profile} />
      {profile.id === currentUser.value?.id && may("edit_profile") && (
        <a class="button button-quiet" href="/settings/profile" onClick={close}>
          {ta("editProfile")}
        </a>
      )}
    </>
  );
}

function Outcome({ refusal }: { refusal: ApiError }) {
  const isGone = refusal.code === "not_found";
  return <Notice icon={UserRoundX} title={isGone ? ta("profileNotFound") : errorTextOf(refusal)} />;
}

/** Shows a user's profile as a dialog. Known data is shown immediately. */
export function ProfileCard({ who }: { who: AuthorDto }) {
  const [profile, setProfile] = useState<ProfileDto | ApiError | null>(null);
  useEffect(() => void ask("getUser", `/api/users/${who.id}`, { bearer: true }).catch(toApiError).then(setProfile), [who.id]);
  const known = profile instanceof Error ? null : profile;
  return (
    <Panel title={ta("profile")} kind="sheet" onClose={close}>
      <div class="profile">
        <div class="me-card">
          <Avatar who={who} size="lg" />
          <div>
            <p class="me-name">
              <bdi>{known?.displayName ?? who.displayName}</bdi> <Mark who={known ?? who} />
            </p>
            <p class="me-note">
              {known?.username && <bdi dir="ltr">@{known.username}</bdi>}
              {known?.pronouns && <bdi>{known.pronouns}</bdi>}
            </p>
          </div>
        </div>
        {profile instanceof Error ? <Outcome refusal={profile} /> : known && <About profile={known} />}
      </div>
    </Panel>
  );
}
