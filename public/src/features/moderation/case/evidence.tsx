import { Paperclip } from "lucide";
import type { CaseDetailDto, EvidenceDto, EvidenceMessageDto } from "../../../../../utils/contract/schemas/moderation/cases.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { MessageText } from "../../../shared/text/message-text.tsx";
import { shownName } from "../../../shared/text/shown-name.ts";
import { Icon } from "../../../shared/ui/icon.tsx";
import { Avatar, Mark, PersonName } from "../../people/person.tsx";
import { addressOf } from "../../room/current-room.ts";
import { Moment } from "../moment.tsx";

type MessageProps = { message: EvidenceMessageDto; language: string | null; isReported?: boolean };

function Message({ message, language, isReported = false }: MessageProps) {
  const { author, text, createdAt, attachments } = message;
  return (
    <li class={isReported ? "mod-message mod-message-reported" : "mod-message"}>
      <p class="mod-message-head">
        <Avatar who={author} size="sm" />
        <PersonName who={author} look="person-name" />
        <Mark who={author} />
        <Moment at={createdAt} />
      </p>
      <MessageText text={text} language={language} isFoldable />
      {attachments.length > 0 && (
        <ul class="mod-files" aria-label={tc("modAttachments")}>
          {attachments.map(({ id, name }) => (
            <li key={id}>
              <Icon icon={Paperclip} size={14} /> <bdi>{name}</bdi>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function Profile({ profile }: { profile: NonNullable<EvidenceDto["profile"]> }) {
  const { user, bio, pronouns } = profile;
  return (
    <div class="mod-profile">
      <Avatar who={user} size="lg" />
      <div>
        <p class="mod-message-head">
          <PersonName who={user} look="person-name" />
          <Mark who={user} />
        </p>
        {pronouns && (
          <p class="mod-dim">
            {tc("modPronouns")}: <bdi>{pronouns}</bdi>
          </p>
        )}
        {bio && (
          <p dir="auto" class="mod-quote">
            {bio}
          </p>
        )}
      </div>
    </div>
  );
}

const Members = ({ conversation }: { conversation: NonNullable<EvidenceDto["conversation"]> }) => (
  <p class="mod-dim">
    {tc("modMembers")}: <bdi>{conversation.members.map(shownName).join(", ")}</bdi>
  </p>
);

const noteOf = ({ kind, evidence }: CaseDetailDto): string =>
  kind === "held" ? tc("modHeldNote") : tc(evidence.conversation ? "modConversationNote" : "modEvidenceNote");

/** Shows what was reported, as it was then, with the messages before it. */
export function Evidence({ detail }: { detail: CaseDetailDto }) {
  const { evidence, languageCode, kind, roomId, loungeId } = detail;
  const { message, context, profile, item, conversation } = evidence;
  return (
    <section class="mod-part" aria-labelledby="mod-evidence">
      <div class="mod-part-head">
        <h3 id="mod-evidence">{tc("modEvidence")}</h3>
        {message && kind !== "held" && roomId !== null && loungeId !== null && (
          <a href={addressOf(roomId, message.id)}>{tc("modOpenMessage")}</a>
        )}
      </div>
      <p class="mod-dim">{noteOf(detail)}</p>
      {profile && <Profile profile={profile} />}
      {item && (
        <p class="mod-quote">
          <bdi>{item.title}</bdi>
        </p>
      )}
      {conversation && <Members conversation={conversation} />}
      {(message || context.length > 0) && (
        <ol class="mod-messages">
          {context.map((one) => (
            <Message key={one.id} message={one} language={languageCode} />
          ))}
          {message && <Message message={message} language={languageCode} isReported />}
        </ol>
      )}
    </section>
  );
}
