import { me } from "../session/me.ts";

/** For password managers alone, which look for the name that goes with a password. */
export const OwnUsername = () => (
  <input type="text" class="sr-only" autocomplete="username" value={me.value?.username ?? ""} readOnly tabIndex={-1} aria-hidden="true" />
);
