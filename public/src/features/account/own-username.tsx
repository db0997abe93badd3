import { me } from "../session/me.ts";

/** Hidden username field for password managers, which look for the name that belongs to a password. */
export const OwnUsername = () => (
  <input type="text" class="sr-only" autocomplete="username" value={me.value?.username ?? ""} readOnly tabIndex={-1} aria-hidden="true" />
);
