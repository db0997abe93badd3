import type { SupportedLanguage } from "../../../utils/text/languages.ts";
import type { MailTemplates } from "../template.ts";
import { ar } from "./ar.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { ja } from "./ja.ts";
import { pt } from "./pt.ts";

/** The templates of every supported language. */
export const mailTemplates: Record<SupportedLanguage, MailTemplates> = { ar, de, en, es, fr, ja, pt };
