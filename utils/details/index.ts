import type { ErrorCode } from "../contract/errors.ts";
import { preferredLanguage, type SpokenLanguage } from "../languages.ts";
import { ar } from "./ar.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { ja } from "./ja.ts";
import { pt } from "./pt.ts";

const details: Record<SpokenLanguage, Record<ErrorCode, string>> = { ar, de, en, es, fr, ja, pt };

/** A refusal in one sentence, in the caller's language where we speak it, else in English. */
export const detailOf = (code: ErrorCode, acceptLanguage = ""): string => details[preferredLanguage(acceptLanguage) ?? "en"][code];
