import { DELETED_USER } from "../../../../utils/contract/deleted-user.ts";
import { t } from "../../locales/index.ts";

/** Returns a user's display name, or the localized name for deleted users. */
export const shownName = ({ displayName }: { readonly displayName: string }): string =>
  displayName === DELETED_USER ? t("deletedUser") : displayName;
