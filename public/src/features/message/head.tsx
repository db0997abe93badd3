import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { exactTime, timeOf } from "../../locales/index.ts";
import { shownName } from "../../shared/text/shown-name.ts";
import { Avatar, Mark, PersonName } from "../people/person.tsx";

/** Renders the author: visible at the start of a group, otherwise for screen readers only. */
export function Head({ who, isHead }: { who: AuthorDto; isHead: boolean }) {
  if (!isHead)
    return (
      <span class="sr-only">
        <bdi>{shownName(who)}</bdi>
      </span>
    );
  return (
    <>
      <Avatar who={who} />
      <span class="message-head">
        <PersonName who={who} look="message-author" />
        <Mark who={who} />
      </span>
    </>
  );
}

export const MessageTime = ({ at }: { at: Date }) => (
  <time class="message-time" dateTime={at.toISOString()} title={exactTime(at)}>
    {timeOf(at)}
  </time>
);
