import { z } from "zod";
import { listSetting } from "./list-setting.ts";

/**
 * The countries to which text messages are sent unless `SMS_COUNTRIES` is set: countries where the site's languages are spoken and text
 * messages have similar prices. ISO 3166-1 codes, grouped by language.
 */
const byLanguage = {
  en: ["US", "GB", "GG", "IM", "JE", "IE", "CA", "AU", "NZ"],
  es: ["ES", "MX", "AR", "CL", "CO", "PE", "UY"],
  pt: ["PT", "BR"],
  de: ["DE", "AT", "CH", "LI"],
  fr: ["FR", "BE", "LU", "MC"],
  ja: ["JP"],
  ar: ["SA", "AE", "QA", "KW", "BH", "OM", "JO", "EG", "MA"],
} as const;

export const defaultSmsCountries: readonly string[] = Object.values(byLanguage).flat().sort();

const regionNames = new Intl.DisplayNames("en", { type: "region", fallback: "none" });

/** Whether a text is the ISO 3166-1 code of a country. Satellite and other global networks have none. */
const isCountryCode = (text: string): boolean => /^[A-Z]{2}$/.test(text) && regionNames.of(text) !== undefined;

const countryCode = z.string().toUpperCase().refine(isCountryCode, "must be ISO 3166-1 codes, separated by commas");

/** A setting that lists countries, in upper or lower case. */
export const countryCodes = listSetting.pipe(z.array(countryCode).min(1));
