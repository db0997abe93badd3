import { ar } from "../contract/error-messages/ar.ts";
import { de } from "../contract/error-messages/de.ts";
import { en } from "../contract/error-messages/en.ts";
import { es } from "../contract/error-messages/es.ts";
import { fr } from "../contract/error-messages/fr.ts";
import { ja } from "../contract/error-messages/ja.ts";
import { pt } from "../contract/error-messages/pt.ts";
import type { ErrorCode } from "../contract/errors.ts";
import { preferredLanguage, type SupportedLanguage } from "./languages.ts";
import { type UnavailableReason, unavailableDetails } from "./unavailable-details.ts";

const details: Record<SupportedLanguage, Record<ErrorCode, string>> = { ar, de, en, es, fr, ja, pt };

/** Returns the detail of an error in the caller's language if it is supported, else in English. */
export const detailOf = (code: ErrorCode, acceptLanguage = ""): string => details[preferredLanguage(acceptLanguage) ?? "en"][code];

/** Returns why the server is unavailable, in the caller's language if it is supported, else in English. */
export const unavailableDetailOf = (reason: UnavailableReason, acceptLanguage = ""): string =>
  unavailableDetails[preferredLanguage(acceptLanguage) ?? "en"][reason];
