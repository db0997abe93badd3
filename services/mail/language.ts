import { firstSupported, preferredLanguage, type SupportedLanguage } from "../../utils/text/languages.ts";
import type { OpenCtx } from "../context.ts";

/** Returns the caller's language: that of the browser, else the first supported language of their profile, else English. */
export const languageOf = ({ origin, actor }: Pick<OpenCtx, "origin" | "actor">): SupportedLanguage =>
  preferredLanguage(origin.acceptLanguage ?? "") ?? firstSupported(actor?.languages ?? []) ?? "en";
