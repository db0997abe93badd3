import { cachedUser } from "../../features/people/user-cache.ts";
import { peopleIn } from "./people-in-text.ts";

/** Returns a message's text with mentions replaced by names, to copy, announce or show in one line. */
export const plainOf = (text: string): string =>
  text.includes("<@")
    ? peopleIn(text)
        .map((piece) => (typeof piece === "string" || !piece.userId ? (typeof piece === "string" ? piece : piece.written) : nameOr(piece)))
        .join("")
    : text;

const nameOr = ({ userId, written }: { userId: string | null; written: string }): string => {
  const user = userId ? cachedUser(userId) : null;
  return user ? `@${user.displayName}` : written;
};
