import { firstSpoken, preferredLanguage, type SpokenLanguage } from "../../utils/text/languages.ts";
import type { OpenCtx } from "../context.ts";

/** The language to write to a caller in: what their browser asks for, else the first language of theirs that we speak, else English. */
export const languageOf = ({ origin, actor }: Pick<OpenCtx, "origin" | "actor">): SpokenLanguage =>
  preferredLanguage(origin.acceptLanguage ?? "") ?? firstSpoken(actor?.languages ?? []) ?? "en";
