import { currentUser } from "../../features/session/session.ts";
import { t } from "../../locales/index.ts";

/** Renders logo and name as a link to the home page. */
export const Brand = () => (
  <a class="brand" href={currentUser.value ? "/home" : "/"}>
    <svg viewBox="0 0 64 64" width="30" height="30" aria-hidden="true">
      <rect class="brand-ground" width="64" height="64" rx="17" />
      <path class="brand-front" d="M14 20a6 6 0 0 1 6-6h17a6 6 0 0 1 6 6v9a6 6 0 0 1-6 6H25l-7 6v-6.3A6 6 0 0 1 14 29z" />
      <path class="brand-back" d="M46 25.2A6 6 0 0 1 50 31v10a6 6 0 0 1-4 5.7V53l-7-6H29a6 6 0 0 1-5.6-4H37a9 9 0 0 0 9-9z" />
    </svg>
    <span>{t("product")}</span>
  </a>
);
