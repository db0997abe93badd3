import { DELETED_USER } from "../../../../utils/contract/deleted-user.ts";
import { t } from "../../locales/index.ts";

/** Returns the name under which somebody is shown: their own, or that of people who left, in the reader's language. */
export const shownName = ({ displayName }: { readonly displayName: string }): string =>
  displayName === DELETED_USER ? t("deletedUser") : displayName;
